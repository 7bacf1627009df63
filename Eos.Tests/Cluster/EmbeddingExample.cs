using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Eos inside another Akka application: the README quotes this file.</summary>
public sealed class EmbeddingExample
{
    [Fact]
    public async Task An_application_with_an_actor_system_of_its_own_stores_and_reads_files()
    {
        using var folder = new TemporaryFolder();

        // the application's own configuration, with Eos's below it
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka {
              loglevel = WARNING
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              cluster.roles = [mgm, fst]
              persistence {
                journal.plugin = "akka.persistence.journal.sql"
                journal.sql { connection-string = "Data Source={{folder.Path}}/journal.db", provider-name = "SQLite.MS" }
                snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
                snapshot-store.sql { connection-string = "Data Source={{folder.Path}}/journal.db", provider-name = "SQLite.MS" }
              }
            }
            eos.http { bind = "127.0.0.1", mgm-port = 0, fst-port = 0 }
            """).WithFallback(EosNode.Configuration);
        using var system = ActorSystem.Create("application", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);                                     // a cluster of one

        // Eos: directories, view and gateway; then the data port, then a filesystem that names it
        var key = new CapabilityKey(1, [.. new byte[32]]);
        var eos = EosNode.Start(system, cluster.SelfRoles, () => key);
        IFilesystemGate? gate = null;
        var settings = HttpSettings.From(new Eos.Kernel.Settings(config, "eos.http"));
        var data = new DataParts(_ => gate, () => new CapabilityKeys(key, null), SystemClock.Instance);
        await using var doors = await HttpDoors.StartAsync(settings, null, data, () => new Health("node1", ["mgm", "fst"], "up", []), null, CancellationToken.None);
        var disk = Directory.CreateDirectory(folder.Of("disk")).FullName;
        var identity = new FstProtocol.FsIdentity(new FsId(1), "my-disk", "127.0.0.1", doors.FstPort, disk, "default", "default.0", "here");
        gate = EosNode.StartFilesystem(system, eos, identity, FstProtocol.ConfigStatus.ReadWrite, new FolderDisk(disk)).Gate;

        // a client in the process; EosClient is the same for clients elsewhere
        await using var client = EosNode.Connect(system, eos, new GatewayProtocol.Claim(0, 0, "root", "localhost", "example"), TimeSpan.FromSeconds(60));
        await client.MakeDirectoryAsync("/eos/dev/letters/2026", parents: true);
        await Eventually.Is(() => client.FilesystemsAsync(), f => f.Rows.Any(r => r.Active == Eos.Views.Activity.Online), "a filesystem is online");
        var stored = await client.PutAsync("/eos/dev/letters/2026/first", new MemoryStream(Encoding.UTF8.GetBytes("hello")));
        Assert.Equal(new Checksum(ChecksumType.Adler32, "062c0215"), stored.Checksum);

        var read = new MemoryStream();
        await client.GetAsync("/eos/dev/letters/2026/first", read);
        Assert.Equal("hello", Encoding.UTF8.GetString(read.ToArray()));

        await client.RemoveTreeAsync("/eos/dev/letters");
        Assert.Equal(Errno.NoEntry, (await Assert.ThrowsAsync<EosException>(() => client.StatAsync("/eos/dev/letters"))).Why);
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
    }
}
