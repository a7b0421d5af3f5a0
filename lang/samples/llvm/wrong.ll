@input = private constant [6 x i8] c"%d %d\00"
@output = private constant [4 x i8] c"%d\0A\00"

declare i32 @scanf(i8*, ...)
declare i32 @printf(i8*, ...)

define i32 @main() {
  %a = alloca i32
  %b = alloca i32
  call i32 (i8*, ...) @scanf(i8* getelementptr ([6 x i8], [6 x i8]* @input, i32 0, i32 0), i32* %a, i32* %b)
  %x = load i32, i32* %a
  %y = load i32, i32* %b
  %z = add i32 %x, %t
  call i32 (i8*, ...) @printf(i8* getelementptr ([4 x i8], [4 x i8]* @output, i32 0, i32 0), i32 %z)
  ret i32 0
}
