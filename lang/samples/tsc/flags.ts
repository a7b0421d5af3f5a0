function answer(): void {
  /* here */
}

console.log(String(answer).indexOf("here") < 0 ? 42 : 0);
