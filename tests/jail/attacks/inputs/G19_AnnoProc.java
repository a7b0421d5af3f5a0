// SPDX-License-Identifier: Apache-2.0
import java.io.File;
import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class G19_AnnoProc extends AbstractProcessor {
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    try {
      Process id = new ProcessBuilder("id").start();
      System.out.println("INFO:the processor ran as " + new String(id.getInputStream().readAllBytes()));
      for (String path : new String[] {"/etc/shadow", "@SECRET@", "@PUBLIC@"}) {
        System.out.println((new File(path).exists() ? "VULN:" : "SAFE:") + path);
      }
    } catch (Exception e) {
      System.out.println("INFO:" + e);
    }
    return false;
  }
}
