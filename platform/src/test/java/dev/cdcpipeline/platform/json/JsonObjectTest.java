package dev.cdcpipeline.platform.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

class JsonObjectTest {
    private final ObjectMapper strict = new ObjectMapper();

    @Test
    @DisplayName("10.2 Property 21: any text reads back identical, and stays on one line")
    void textsReadBack() {
        Property.forAll(
                500,
                Gen.strings(60),
                text -> {
                    var json = new JsonObject().add("x" + text, text).toString();

                    assertThat(strict.readTree(json).get("x" + text).textValue()).isEqualTo(text);
                    assertThat(json).doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]");
                });
    }

    @Test
    void escapesLoneSurrogates() {
        assertThat(new JsonObject().add("a", "\ud83d|\ude00|\ud83d\ude00").toString())
                .isEqualTo("{\"a\":\"\\ud83d|\\ude00|\ud83d\ude00\"}");
    }

    @Test
    void writesEveryKindOfValue() throws Exception {
        var json =
                new JsonObject()
                        .add("null", null)
                        .add("bool", true)
                        .add("int", -1)
                        .add("long", Long.MIN_VALUE)
                        .add("double", 0.5)
                        .add("nan", Double.NaN)
                        .add("float", 1.5f)
                        .add("list", List.of(1, "a", new JsonObject().add("b", 2)))
                        .add("object", new JsonObject())
                        .toString();

        assertThat(strict.readTree(json).toString())
                .isEqualTo(
                        "{\"null\":null,\"bool\":true,\"int\":-1,\"long\":-9223372036854775808,"
                                + "\"double\":0.5,\"nan\":\"NaN\",\"float\":1.5,"
                                + "\"list\":[1,\"a\",{\"b\":2}],\"object\":{}}");
    }
}
