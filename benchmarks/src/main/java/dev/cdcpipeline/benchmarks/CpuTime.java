package dev.cdcpipeline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** CPU time that processes have used, from Linux's {@code /proc} (proc_pid_stat(5)). */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER = 11;
    private static final int CHILDREN_SYSTEM = 14;

    private CpuTime() {}

    /** Of a process and of its children that have ended, in seconds; 0 when it has ended. */
    static double of(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double ticks = 0;
            for (int i = USER; i <= CHILDREN_SYSTEM; i++) {
                ticks += Double.parseDouble(fields[i]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Of all processes that this one has started, directly or not, but for one. */
    static double ofChildrenBut(ProcessHandle excluded) {
        try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
            return children.filter(child -> child.pid() != excluded.pid())
                    .mapToDouble(CpuTime::of)
                    .sum();
        }
    }
}
