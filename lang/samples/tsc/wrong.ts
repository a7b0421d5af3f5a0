import * as fs from "fs";

const words: string[] = fs.readFileSync(0, "utf8").trim().split(" ");
const sum = (a: number, b: number): number => a + b;
console.log(sum(Number(words[0]), words[1]));
