namespace Eos.Tests.Support;

/// <summary>HOCON that puts journal and snapshots into one SQLite file.</summary>
public static class SqlitePlugins
{
    public static string Hocon(string file) => $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              connection-string = "Data Source={{file}}"
              provider-name = "SQLite.MS"
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql {
              connection-string = "Data Source={{file}}"
              provider-name = "SQLite.MS"
            }
          }
        }
        """;
}
