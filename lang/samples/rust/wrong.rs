use std::io::Read;

fn main() {
    let text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let sum: i64 = text;
    println!("{}", sum);
}
