public class Main {
    static void answer(int question) {}

    public static void main(String[] args) throws Exception {
        boolean isNamed = Main.class.getDeclaredMethod("answer", int.class).getParameters()[0].isNamePresent();
        System.out.println(isNamed ? 42 : 0);
    }
}
