fn main() {
    println!("{}", if cfg!(answer) { 42 } else { 0 });
}
