package dev.cdcpipeline.embedded.mongo.contract;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives contract tests the server ({@link TestedServer}, one for the whole run) and a database of
 * their own ({@link TestDatabase}, one for each test).
 */
final class MongoContract implements ParameterResolver {

    private static final Namespace STORE = Namespace.create(MongoContract.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestedServer.class || type == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestedServer server =
                context.getRoot()
                        .getStore(STORE)
                        .computeIfAbsent(
                                TestedServer.class,
                                type -> TestedServer.start(),
                                TestedServer.class);
        if (parameter.getParameter().getType() == TestedServer.class) {
            return server;
        }
        return context.getStore(STORE)
                .computeIfAbsent(
                        TestDatabase.class, type -> new TestDatabase(server), TestDatabase.class);
    }
}
