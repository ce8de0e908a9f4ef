package dev.cdcpipeline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class PropertyTest {

    private static final Pattern SEED = Pattern.compile("-Dproperty.seed=(-?\\d+)");

    @AfterEach
    void forgetTheSeed() {
        System.clearProperty("property.seed");
        System.clearProperty("property.cases");
    }

    @Test
    void checksAtLeastAHundredCases() {
        List<Integer> seen = new ArrayList<>();

        Property.forAll(Gen.ints(), seen::add);

        assertThat(seen).hasSizeGreaterThanOrEqualTo(100);
        assertThat(seen.stream().distinct()).hasSizeGreaterThan(20);
    }

    @Test
    void findsAPlantedBugAndMakesItSmall() {
        Gen<List<Integer>> lists = Gen.ints(0, 1_000).list(0, 50);

        assertThatThrownBy(() -> Property.forAll(1_000, lists, PropertyTest::noneIsOver500))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dproperty.seed=")
                .hasMessageFindingMatch("smaller: \\[\\d+\\]");
    }

    @Test
    void replaysACaseByItsSeed() {
        Gen<List<Integer>> lists = Gen.ints(0, 1_000).list(0, 50);
        List<List<Integer>> failing = new ArrayList<>();
        AssertionError error = failureOf(lists, failing);
        Matcher seed = SEED.matcher(String.valueOf(error.getMessage()));
        assertThat(seed.find()).isTrue();
        List<Integer> found = failing.getFirst();

        System.setProperty("property.seed", seed.group(1));
        failing.clear();
        AssertionError again = failureOf(lists, failing);

        assertThat(failing.getFirst()).isEqualTo(found);
        assertThat(again).hasMessageStartingWith("Case 1 fails");
    }

    @Test
    void runsAsManyCasesAsTheSystemPropertySays() {
        System.setProperty("property.cases", "7");
        List<Integer> seen = new ArrayList<>();

        Property.forAll(Gen.ints(), seen::add);

        assertThat(seen).hasSize(7);
    }

    private static AssertionError failureOf(Gen<List<Integer>> lists, List<List<Integer>> failing) {
        try {
            Property.forAll(
                    1_000,
                    lists,
                    list -> {
                        try {
                            noneIsOver500(list);
                        } catch (IllegalStateException e) {
                            failing.add(list);
                            throw e;
                        }
                    });
        } catch (AssertionError e) {
            return e;
        }
        throw new IllegalArgumentException("The planted bug was not found.");
    }

    private static void noneIsOver500(List<Integer> list) {
        if (list.stream().anyMatch(value -> value > 500)) {
            throw new IllegalStateException("over 500");
        }
    }
}
