package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

class JsonParserTest {

    @Test
    void readsEveryKindOfValue() {
        Json json =
                JsonParser.parse("{\"a\": [1, -2.50e3, true, false, null], \"b\": {\"c\": \"d\"}}");

        assertThat(json)
                .isEqualTo(
                        new Json.Members(
                                Map.of(
                                        "a",
                                        new Json.Elements(
                                                List.of(
                                                        new Json.Numeric(new BigDecimal("1")),
                                                        new Json.Numeric(new BigDecimal("-2.50e3")),
                                                        new Json.Bool(true),
                                                        new Json.Bool(false),
                                                        new Json.Null())),
                                        "b",
                                        new Json.Members(Map.of("c", new Json.Text("d"))))));
    }

    @Test
    void readsEveryEscape() {
        assertThat(JsonParser.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00 ä\""))
                .isEqualTo(new Json.Text("\"\\/\b\f\n\r\tä😀 ä"));
    }

    @Test
    void readsEmptyObjectsAndArrays() {
        assertThat(JsonParser.parse(" [ { } , [ ] ] "))
                .isEqualTo(
                        new Json.Elements(
                                List.of(new Json.Members(Map.of()), new Json.Elements(List.of()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,",
                "[1 2]",
                "{\"a\" 1}",
                "{\"a\":1,}",
                "\"a",
                "\"\\u12\"",
                "\"\\x\"",
                "tru",
                "1 2",
                "nil"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> JsonParser.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
