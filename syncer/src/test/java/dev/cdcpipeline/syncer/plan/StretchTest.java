package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is surely applied. */
class StretchTest {
    private static final StreamId OURS = new StreamId(1);
    private static final StreamId OTHERS = new StreamId(2);

    private static Position at(int place) {
        return at(0, place);
    }

    private static Position at(long generation, int place) {
        return new Position(
                generation, ResumeToken.ofBytes(new byte[] {(byte) 0x82, (byte) place}));
    }

    private static Stretch read(Stretch before, int... places) {
        @Nullable Stretch read = before;
        for (int place : places) {
            read = Stretch.after(read, OURS, at(place));
        }
        return read;
    }

    private static Stretch from(int place) {
        return Stretch.after(null, OURS, at(place));
    }

    @Test
    @DisplayName("cases W3, S4: from its first to its last position, of its own stream only")
    void holdsWhatItHasRead() {
        Stretch stretch = read(from(3), 5, 9);

        assertThat(stretch).isEqualTo(new Stretch(OURS, at(3), at(9)));
        assertThat(stretch.holds(OURS, at(2))).isFalse();
        assertThat(stretch.holds(OURS, at(3))).isTrue();
        assertThat(stretch.holds(OURS, at(4))).isTrue();
        assertThat(stretch.holds(OURS, at(9))).isTrue();
        assertThat(stretch.holds(OURS, at(10))).isFalse();
        assertThat(stretch.holds(OTHERS, at(5))).isFalse();
        assertThat(new Stretch(null, at(3), at(9)).holds(OURS, at(5))).isFalse();
    }

    @Test
    @DisplayName("case W3: behind a gap nothing is held, until something beyond it is read")
    void beginsAnewBehindAGap() {
        Stretch broken = read(from(3), 9).broken();

        assertThat(broken.holds(OURS, at(5))).isFalse();
        assertThat(broken.holds(OURS, at(9))).isFalse();
        assertThat(read(broken, 7)).isEqualTo(broken);
        assertThat(read(broken, 9)).as("the last one again").isEqualTo(broken);
        assertThat(read(broken, 12)).isEqualTo(new Stretch(OURS, at(12), at(12)));
    }

    @Test
    @DisplayName("case W3: what is before it and applied all the same breaks it")
    void isBrokenByWhatIsBeforeIt() {
        assertThat(read(from(3), 9, 2)).isEqualTo(new Stretch(OURS, null, at(9)));
    }

    @Test
    @DisplayName("cases W3, S4: another stream begins a stretch of its own, wherever it is")
    void anotherStreamBeginsAnew() {
        Stretch ofOthers = Stretch.after(read(from(3), 9), OTHERS, at(20));

        assertThat(ofOthers).isEqualTo(new Stretch(OTHERS, at(20), at(20)));
        assertThat(ofOthers.holds(OURS, at(5))).isFalse();
    }

    @Test
    @DisplayName("case W8: a rewind begins anew: what was between is not surely applied")
    void aHigherGenerationBeginsAnew() {
        Stretch rewound = Stretch.after(read(from(3), 9), OURS, at(1, 5));

        assertThat(rewound).isEqualTo(new Stretch(OURS, at(1, 5), at(1, 5)));
        assertThat(rewound.holds(OURS, at(7))).isFalse();
    }
}
