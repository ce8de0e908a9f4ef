package dev.cdcpipeline.tests.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A Dockerfile as its stages and their instructions. */
record Dockerfile(List<Stage> stages) {
    /**
     * From one FROM to the next.
     *
     * @param base what it starts from: an image, or the name of an earlier stage
     */
    record Stage(String name, String base, List<Instruction> instructions) {}

    record Instruction(String keyword, String arguments) {
        /** Whether the program is given as a JSON array, run without a shell. */
        boolean isExecForm() {
            return arguments.strip().matches("(?s).*\\[\\s*\".*\"\\s*]$");
        }
    }

    static Dockerfile parse(String text) {
        var stages = new ArrayList<Stage>();
        // Comment lines go first, as in Docker: they may stand between continued lines.
        String joined = text.replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("\\\\\\R", " ");
        for (String line : joined.lines().filter(line -> !line.isBlank()).toList()) {
            String[] parts = line.strip().split("\\s+", 2);
            var instruction = new Instruction(parts[0].toUpperCase(Locale.ROOT), parts[1]);
            if (instruction.keyword().equals("FROM")) {
                String[] from = instruction.arguments().split("\\s+", -1);
                stages.add(new Stage(from.length == 3 ? from[2] : "", from[0], new ArrayList<>()));
            } else {
                stages.getLast().instructions().add(instruction);
            }
        }
        return new Dockerfile(List.copyOf(stages));
    }

    Optional<Stage> stage(String name) {
        return stages.stream().filter(stage -> stage.name().equals(name)).findFirst();
    }

    /** The last instruction of a kind that holds in a stage, inherited ones included. */
    Optional<Instruction> effective(Stage stage, String keyword) {
        return stage.instructions().stream()
                .filter(instruction -> instruction.keyword().equals(keyword))
                .reduce((earlier, later) -> later)
                .or(() -> stage(stage.base()).flatMap(base -> effective(base, keyword)));
    }
}
