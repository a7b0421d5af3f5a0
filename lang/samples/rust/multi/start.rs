mod solution;

fn main() {
    println!("{}", solution::answer());
}
