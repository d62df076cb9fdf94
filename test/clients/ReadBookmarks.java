import com.dd.plist.NSDictionary;
import com.dd.plist.NSObject;
import com.dd.plist.PropertyListParser;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Prints what Cyberduck's own property list parser reads in bookmarks: a line for each text, file, key and value in base64. */
public final class ReadBookmarks {
    public static void main(final String[] files) throws Exception {
        for (final String file : files) {
            print(file, "", (NSDictionary) PropertyListParser.parse(new File(file)));
        }
    }

    private static void print(final String file, final String above, final NSDictionary entries) {
        for (final String key : entries.allKeys()) {
            final NSObject value = entries.objectForKey(key);
            if (value instanceof NSDictionary) {
                print(file, key + "/", (NSDictionary) value);
            } else {
                System.out.println(base64(file) + " " + base64(above + key) + " " + base64(value.toString()));
            }
        }
    }

    private static String base64(final String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
