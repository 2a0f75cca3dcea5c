import java.io.File;
import java.io.PrintStream;
import java.util.Map;
import org.apache.poi.poifs.macros.VBAMacroReader;

/** Prints every module of a macro workbook as Apache POI reads it: \u005cu0001 name \u005cu0002 text. */
public class VbaDump {
    public static void main(String[] files) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        try (VBAMacroReader reader = new VBAMacroReader(new File(files[0]))) {
            for (Map.Entry<String, String> module : reader.readMacros().entrySet()) {
                out.print((char) 1 + module.getKey() + (char) 2 + module.getValue());
            }
        }
    }
}
