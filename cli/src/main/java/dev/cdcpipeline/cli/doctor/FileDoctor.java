package dev.cdcpipeline.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the folder of a checkpoint file. */
final class FileDoctor {
    private final Path file;
    private final Findings findings;

    FileDoctor(Path file, Findings findings) {
        this.file = file.toAbsolutePath().normalize();
        this.findings = findings;
    }

    void examine() {
        Path folder = file.getParent();
        String what = "checkpoint file " + file;
        if (folder == null || Files.isDirectory(file)) {
            findings.wrong(what, "is not a file", "set watcher.checkpoint.file.path to a file");
            return;
        }
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            Path probe = Files.createTempFile(existing, ".cdc-config-check", "");
            Files.delete(probe);
            findings.ok(what, found(folder, existing));
        } catch (IOException e) {
            findings.wrong(
                    what,
                    existing + " cannot be written to: " + Reason.of(e),
                    "give the service's user the right to write there, or set"
                            + " watcher.checkpoint.file.path");
        }
    }

    private String found(Path folder, Path existing) {
        if (Files.exists(file)) {
            return "holds a position, the Watcher goes on there";
        }
        return existing.equals(folder)
                ? "writable; no position yet"
                : "writable; the folder would be created";
    }
}
