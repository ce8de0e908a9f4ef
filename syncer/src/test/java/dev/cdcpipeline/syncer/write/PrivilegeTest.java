package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class PrivilegeTest {

    @Test
    @DisplayName("12.5: a missing privilege is named with the GRANT that helps")
    void aMissingPrivilegeNamesTheGrant() {
        var database = new Database(Servers.postgres(), "privileges");
        database.execute("create role poor login");
        try (var pool =
                Pool.open(database.url(), "poor", "", 1, Duration.ofSeconds(30), Map.of())) {
            var store = new LedgerStore(pool, new Ledger("group"));
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining("permission denied for database privileges")
                    .hasMessageContaining("GRANT CREATE");
        }
    }
}
