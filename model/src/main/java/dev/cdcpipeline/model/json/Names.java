package dev.cdcpipeline.model.json;

/** Compares names without making strings of them. */
public final class Names {

    private Names() {}

    /** Are the bytes the ASCII name? */
    public static boolean equal(String name, byte[] bytes, int from, int end) {
        if (name.length() != end - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
