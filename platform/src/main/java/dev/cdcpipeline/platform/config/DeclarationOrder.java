package dev.cdcpipeline.platform.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The order that the methods of an interface have in its source, inherited ones first. Reflection
 * promises no order; class files keep that of the source.
 */
final class DeclarationOrder {

    private DeclarationOrder() {}

    /** The order of the methods that an interface has, its own and inherited ones. */
    static Comparator<Method> of(Class<?> type) {
        var names = names(type);
        return Comparator.comparingInt(method -> names.indexOf(method.getName()));
    }

    private static List<String> names(Class<?> type) {
        var names = new ArrayList<String>();
        for (var parent : type.getInterfaces()) {
            names.addAll(names(parent));
        }
        var file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (var in = Objects.requireNonNull(type.getResourceAsStream(file))) {
            ClassFile.of()
                    .parse(in.readAllBytes())
                    .methods()
                    .forEach(method -> names.add(method.methodName().stringValue()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
