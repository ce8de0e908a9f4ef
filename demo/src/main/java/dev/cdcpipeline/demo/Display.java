package dev.cdcpipeline.demo;

import java.io.PrintStream;
import java.util.List;

/** Where progress is shown. Thread-safe. */
sealed interface Display extends AutoCloseable {

    /** Shows the progress, in place of what it showed before where that is possible. */
    void show(Progress progress);

    /** Prints a sentence that stays. */
    void say(String sentence);

    /** Leaves what is shown as it is; what is said from now on comes after it. */
    void settle();

    /** How often to call {@link #show}, in milliseconds. */
    long intervalMillis();

    @Override
    void close();

    /** The panel, redrawn in place. */
    final class Terminal implements Display {

        private static final String HIDE_CURSOR = "\033[?25l";
        private static final String SHOW_CURSOR = "\033[?25h";
        private static final String ERASE_REST_OF_LINE = "\033[K";
        private static final String ERASE_BELOW = "\033[J";

        private final PrintStream out;
        private final Panel panel;
        private int drawn;
        private List<String> last = List.of();

        Terminal(PrintStream out, boolean colours) {
            this.out = out;
            this.panel = new Panel(colours);
        }

        @Override
        public synchronized void show(Progress progress) {
            last = panel.lines(progress);
            draw("");
        }

        @Override
        public synchronized void say(String sentence) {
            draw(sentence.replace("\n", ERASE_REST_OF_LINE + "\n") + ERASE_REST_OF_LINE + "\n");
        }

        @Override
        public synchronized void settle() {
            last = List.of();
            drawn = 0;
            out.print(SHOW_CURSOR);
            out.flush();
        }

        @Override
        public long intervalMillis() {
            return 250;
        }

        @Override
        public void close() {
            settle();
        }

        /** One write for the whole picture, each line over its predecessor: nothing flickers. */
        private void draw(String above) {
            var picture = new StringBuilder(HIDE_CURSOR);
            if (drawn > 0) {
                picture.append("\033[").append(drawn).append("A\r");
            }
            picture.append(above);
            last.forEach(line -> picture.append(line).append(ERASE_REST_OF_LINE).append('\n'));
            picture.append(ERASE_BELOW);
            if (last.isEmpty()) {
                picture.append(SHOW_CURSOR);
            }
            out.print(picture);
            out.flush();
            drawn = last.size();
        }
    }

    /** One plain line a second. */
    final class Lines implements Display {

        private final PrintStream out;
        private final Panel panel = new Panel(false);

        Lines(PrintStream out) {
            this.out = out;
        }

        @Override
        public synchronized void show(Progress progress) {
            say(panel.line(progress));
        }

        @Override
        public synchronized void say(String sentence) {
            out.println(sentence);
            out.flush();
        }

        @Override
        public void settle() {}

        @Override
        public long intervalMillis() {
            return 1_000;
        }

        @Override
        public void close() {}
    }
}
