@output = private constant [4 x i8] c"%d\0A\00"
@answer = external global i8

declare i32 @printf(i8*, ...)

define i32 @main() {
  %a = ptrtoint i8* @answer to i64
  %b = trunc i64 %a to i32
  call i32 (i8*, ...) @printf(i8* getelementptr ([4 x i8], [4 x i8]* @output, i32 0, i32 0), i32 %b)
  ret i32 0
}
