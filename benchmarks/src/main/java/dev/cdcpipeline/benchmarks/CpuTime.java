package dev.cdcpipeline.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** CPU time that processes have used, from Linux's {@code /proc} (proc_pid_stat(5)). */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
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

    /** Of this process' threads by name, cut by the kernel to 15 characters, in seconds. */
    static Map<String, Double> byThread() {
        Map<String, Double> cpu = new HashMap<>();
        File[] tasks = new File("/proc/self/task").listFiles();
        for (File task : tasks == null ? new File[0] : tasks) {
            try {
                String stat = Files.readString(task.toPath().resolve("stat"));
                int nameEnds = stat.lastIndexOf(')');
                String name = stat.substring(stat.indexOf('(') + 1, nameEnds);
                cpu.merge(name, seconds(stat.substring(nameEnds + 2)), Double::sum);
            } catch (IOException ended) {
                // It is not there any more.
            }
        }
        return cpu;
    }

    private static double seconds(String afterTheName) {
        String[] fields = afterTheName.split(" ");
        double ticks = Double.parseDouble(fields[USER]) + Double.parseDouble(fields[SYSTEM]);
        return ticks / TICKS_PER_SECOND;
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
