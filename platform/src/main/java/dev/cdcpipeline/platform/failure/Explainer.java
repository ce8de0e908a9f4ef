package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Explains a failure to the operator: the explanation comes from the catalogues, the names of
 * options, commands and objects in it from the service. Thread-safe.
 */
public final class Explainer {
    private final Map<String, String> context;
    private final List<ErrorCatalogue> catalogues;

    /**
     * @param context the values that the service knows, by the names of the placeholders
     * @param catalogues the systems that the service talks to
     */
    public Explainer(Map<String, String> context, ErrorCatalogue... catalogues) {
        this.context = Map.copyOf(context);
        this.catalogues = List.of(catalogues);
    }

    /**
     * Returns the explanation of the outermost exception that has one; empty if its own words have
     * to do.
     */
    public Optional<Explanation> on(Throwable thrown) {
        return tlsProblem(thrown).or(() -> byEntry(thrown));
    }

    /**
     * Returns the exception with the explanation in front, as an {@link ExplainedException}; the
     * exception itself when there is none, or when it is {@link Explained} already.
     */
    public Exception explained(Exception thrown) {
        return Explained.in(thrown).isPresent()
                ? thrown
                : on(thrown)
                        .<Exception>map(found -> new ExplainedException(found.sentence(), thrown))
                        .orElse(thrown);
    }

    /** Returns a template of a catalogue with the values that the service knows. */
    public Explanation fill(Explanation template) {
        return template.with(context);
    }

    /** Drivers wrap it like a broken network: the code of the outer exception says little. */
    private Optional<Explanation> tlsProblem(Throwable thrown) {
        for (Throwable each : Causes.of(thrown)) {
            for (ErrorCatalogue catalogue : catalogues) {
                if (catalogue.isSource(each)) {
                    Optional<TlsProblem> problem = TlsProblem.of(each);
                    if (problem.isPresent()) {
                        return problem.map(found -> filled(found.explanation(), catalogue, each));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Explanation> byEntry(Throwable thrown) {
        for (Throwable each : Causes.of(thrown)) {
            for (ErrorCatalogue catalogue : catalogues) {
                ErrorEntry entry = catalogue.entry(each);
                @Nullable Explanation template = entry == null ? null : entry.explanation();
                if (template != null) {
                    return Optional.of(filled(template, catalogue, each));
                }
            }
        }
        return Optional.empty();
    }

    private Explanation filled(Explanation template, ErrorCatalogue catalogue, Throwable thrown) {
        var options = catalogue.tlsOptions();
        var values = new HashMap<>(context);
        values.put("system", catalogue.system());
        values.put("trust", Explanation.fill(options.trust(), context));
        values.put("own", Explanation.fill(options.own(), context));
        values.put("address", Explanation.fill(options.address(), context));
        values.putAll(catalogue.values(thrown));
        return template.with(values);
    }
}
