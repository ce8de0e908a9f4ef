package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.schema.TableName;
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
        try (var pool = database.pool("poor")) {
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
                Pool.open(database.login(database.user(), Map.of()), 1, Duration.ofSeconds(30))) {
            new LedgerStore(pool, new Ledger("group")).prepare();
        }
        database.execute(
                "create role reader login",
                "grant usage on schema cdc to reader",
                "grant select on all tables in schema cdc to reader");
        try (var pool = database.pool("reader")) {
            var store = new LedgerStore(pool, new Ledger("group"));
            store.prepare();
            assertThatThrownBy(() -> store.open(new PartitionId(new UUID(1, 1), "topic", 0), 0))
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining("permission denied for table ledger")
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE");
        }
    }

    @Test
    @DisplayName("12.5: who may not add the version's column is told what its owner is to run")
    void aMissingColumnIsForTheOwnerToAdd() throws Exception {
        var database = new Database(Servers.postgres(), "owners");
        database.execute(
                "create role guest login",
                "grant create, temporary on database %s to guest".formatted(database.quotedName()),
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb)",
                "grant usage on schema shop to guest",
                "grant select, insert, update, delete on shop.orders to guest");
        try (var pool = database.pool("guest")) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
            var orders = new TableName("shop", "orders");
            try (var connection = pool.getConnection()) {
                assertThatThrownBy(() -> tables.ensure(connection, orders))
                        .isInstanceOf(MissingPrivilegeException.class)
                        .hasMessageContaining("must be owner of table orders")
                        .hasMessageContaining(
                                "ALTER TABLE \"shop\".\"orders\" ADD COLUMN _cdc_version bigint NOT NULL DEFAULT 0")
                        .hasMessageNotContaining("GRANT");
            }
            database.execute(
                    "alter table shop.orders add column _cdc_version bigint not null default 0");
            try (var connection = pool.getConnection()) {
                tables.ensure(connection, orders);
            }
        }
    }
}
