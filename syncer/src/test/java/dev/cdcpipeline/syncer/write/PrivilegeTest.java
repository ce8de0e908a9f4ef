package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

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

    @Test
    @DisplayName("12.5: so is one on tables of the Syncer's own that an administrator has made")
    void aMissingPrivilegeOnTheLedgerNamesTheGrant() throws Exception {
        var database = new Database(Servers.postgres(), "grants");
        try (var pool =
                Pool.open(
                        database.url(), database.user(), "", 1, Duration.ofSeconds(30), Map.of())) {
            new LedgerStore(pool, new Ledger("group")).prepare();
        }
        database.execute(
                "create role reader login",
                "grant usage on schema cdc to reader",
                "grant select on all tables in schema cdc to reader");
        try (var pool =
                Pool.open(database.url(), "reader", "", 1, Duration.ofSeconds(30), Map.of())) {
            var store = new LedgerStore(pool, new Ledger("group"));
            store.prepare();
            assertThatThrownBy(() -> store.open(new PartitionId(new UUID(1, 1), "topic", 0), 0))
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining("permission denied for table ledger")
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE");
        }
    }
}
