package dev.cdcpipeline.syncer.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;

/**
 * Counts what the histories of a property have, so that it is known to have been tried. Not
 * thread-safe.
 */
public final class Ingredients {
    private final Map<Ingredient, Integer> counts = new EnumMap<>(Ingredient.class);
    private int tries;

    /** Takes note of a history; returns it. */
    public History count(History history) {
        tries++;
        Ingredient.of(history).forEach(each -> counts.merge(each, 1, Integer::sum));
        return history;
    }

    /** Each of these must have been in some history, unless they were but a few by hand. */
    public void assertTried(Ingredient... some) {
        if (Integer.getInteger("property.cases") == null) {
            assertThat(counts).as("ingredients of %s histories", tries).containsKeys(some);
        }
    }
}
