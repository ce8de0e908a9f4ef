package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * What makes PostgreSQL do something else than a statement says, or quietly nothing: a row that it
 * hides from us is not deleted, and nothing fails (I1).
 *
 * @param rowSecurity whether policies apply to our role
 * @param owner whether our role has the rights of the table's owner, whom only "force" subjects to
 *     policies
 * @param role our role
 * @param rules that rewrite statements; a disabled one keeps "on conflict" from working too
 * @param children tables that inherit from it, whose rows our statements would change too
 * @param rowTriggers that run before a row is changed, and may change or drop it, on the table or a
 *     partition of it
 */
record Interference(
        boolean rowSecurity,
        boolean owner,
        String role,
        List<String> rules,
        List<String> children,
        List<String> rowTriggers) {

    /** Of pg_trigger.tgtype, 1 is "for each row" and 2 is "before". */
    private static final String QUERY =
            """
            select row_security_active(c.oid), pg_has_role(c.relowner, 'USAGE'), current_user::text,
                array(select r.rulename::text from pg_rewrite r
                    where r.ev_class = c.oid and r.ev_type <> '1' order by 1),
                array(select i.inhrelid::regclass::text from pg_inherits i
                    where i.inhparent = c.oid and c.relkind = 'r' order by 1),
                array(select distinct t.tgname::text from pg_trigger t
                    where (t.tgrelid = c.oid
                            or t.tgrelid in (select relid from pg_partition_tree(c.oid)))
                        and t.tgtype & 3 = 3 and not t.tgisinternal and t.tgenabled <> 'D'
                    order by 1)
            from pg_class c where c.oid = to_regclass(?)""";

    /** What there is at a table; nothing where there is no table. */
    static Interference of(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, table.quoted());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Interference(
                                row.getBoolean(1),
                                row.getBoolean(2),
                                row.getString(3),
                                names(row.getArray(4)),
                                names(row.getArray(5)),
                                names(row.getArray(6)))
                        : new Interference(false, false, "", List.of(), List.of(), List.of());
            }
        }
    }

    private static List<String> names(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /**
     * Refuses what no statement of ours gets around. Triggers are let be: what became of the rows
     * is looked at after each batch, see {@link RowCheck}.
     *
     * @throws TableShapeException with the statement that mends it
     */
    void check(TableName table) {
        if (rowSecurity) {
            throw TableShapeException.rowSecurity(table, role, owner);
        }
        if (!rules.isEmpty()) {
            throw TableShapeException.rules(table, rules);
        }
        if (!children.isEmpty()) {
            throw TableShapeException.children(table, children);
        }
    }

    /** Refuses triggers too, for a table of the Syncer's own. */
    void checkOwn(TableName table) {
        check(table);
        if (!rowTriggers.isEmpty()) {
            throw TableShapeException.triggers(table, rowTriggers);
        }
    }
}
