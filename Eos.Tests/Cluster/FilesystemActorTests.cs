using Akka.Actor;
using Akka.Configuration;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Fst.FilesystemProtocol;
using static Eos.Fst.FstProtocol;

namespace Eos.Tests.Cluster;

/// <summary>A filesystem's actor over a real folder and a real journal; the test plays directories and view.</summary>
public sealed class FilesystemActorTests : IAsyncLifetime
{
    private static readonly FilesystemSettings Settings = new(1, 
        0, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400), 1000, 10, new SweepSettings(100, 4, TimeSpan.FromMilliseconds(200)));

    private readonly TemporaryFolder _folder = new();
    private readonly FolderDisk _disk;
    private ActorSystem _system = null!;
    private Collector _directories = null!;
    private Collector _views = null!;
    private Collector _gateOfRestorer = null!;
    private IActorRef _actor = ActorRefs.Nobody;
    private ActorGate _gate = null!;

    public FilesystemActorTests()
    {
        SQLitePCL.Batteries_V2.Init();
        _disk = new FolderDisk(Directory.CreateDirectory(_folder.Of("mount")).FullName);
    }

    public Task InitializeAsync()
    {
        Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_boots_reports_and_goes_on_reporting()
    {
        var first = await ReportUntil(report => report.Health.Boot == BootStatus.Booted);
        Assert.Equal((FilesystemCase.Identity, ConfigStatus.ReadWrite), (first.Identity, first.Status));
        Assert.InRange(first.Usage.Free, 1u, first.Usage.Capacity);
        var second = await ReportUntil(report => report.Sequence > first.Sequence);
        Assert.Equal(first.Incarnation, second.Incarnation);
        Assert.Equal((new FsId(1), "uuid-1"), _disk.ReadLabel());
    }

    [Fact]
    public async Task An_upload_is_kept_when_the_directory_accepts_it()
    {
        var capability = FilesystemCase.Capability(5);
        var (transfer, record) = await StoreAsync(capability);
        var answer = _gate.CommitAsync(transfer, record);
        var commit = await Said<CommitFile>();
        Assert.Equal(commit, (await Said<CommitFile>()) with { Locations = commit.Locations });
        Assert.False(answer.IsCompleted);
        _actor.Tell(new Committed(commit.Op, commit.File));
        await answer.WaitAsync(TimeSpan.FromSeconds(60));
        using var stored = _disk.Open(capability.File, capability.Open);
        Assert.Equal(record, stored.Record);
        await ReportUntil(report => report.Usage.Replicas == 1 && report.Load.OpenForWrite == 0);
    }

    [Fact]
    public async Task An_upload_is_gone_when_the_directory_refuses_it()
    {
        var (transfer, record) = await StoreAsync(FilesystemCase.Capability(5));
        var answer = _gate.CommitAsync(transfer, record);
        var commit = await Said<CommitFile>();
        _actor.Tell(new CommitRefused(commit.Op, Errno.Busy, "superseded"));
        var refused = await Assert.ThrowsAsync<EosException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((Errno.Busy, "superseded"), (refused.Why, refused.Message));
        await FilesUntil(0);
    }

    [Fact]
    public async Task An_order_to_delete_survives_a_restart_until_it_is_noted()
    {
        await KeptAsync(5);
        await ReportUntil(report => report.Usage.Replicas == 1);
        _actor.Tell(new DropReplicas(new FsId(1), new DirectoryId(7), [new FileId(5)]));
        var notice = await Said<ReplicaDropped>();
        Assert.Equal([new FileId(5)], notice.Files.ToArray());
        await FilesUntil(0);
        await RestartAsync();
        var again = await Said<ReplicaDropped>();
        Assert.NotEqual(notice.Op, again.Op);
        Assert.Equal([new FileId(5)], again.Files.ToArray());
        _actor.Tell(new Noted(again.Op));

        // a second order is stored behind the end of the first: its notice says that the end is stored
        _actor.Tell(new DropReplicas(new FsId(1), new DirectoryId(7), [new FileId(6)]));
        while ((await Said<ReplicaDropped>()).Op == again.Op) { }   // repeated before it was noted
        await RestartAsync();
        Assert.Equal([new FileId(6)], (await Said<ReplicaDropped>()).Files.ToArray());
    }

    /// <summary>The bytes are there again before the directory has noted that they were gone; the test hands on what the restorer asks, so it knows what comes first.</summary>
    [Fact]
    public async Task A_replica_that_is_wanted_while_its_deletion_is_not_noted_is_attached_once_it_is()
    {
        await KeptAsync(5);
        _actor.Tell(new DropReplicas(new FsId(1), new DirectoryId(7), [new FileId(5)]));
        var notice = await Said<ReplicaDropped>();
        var capability = FilesystemCase.Capability(5, CapabilityOperation.Read);
        capability = capability with { Content = capability.Content with { Size = 10, Checksum = new Checksum(ChecksumType.Adler32, "000a0001") } };
        Write(capability, capability.Content.Checksum);
        _disk.Keep(capability.File, capability.Open);
        _actor.Tell(new RestoreReplica(new FsId(1), SignedCapability.Sign(capability, new CapabilityKey(1, [.. new byte[32]])), null));

        await HandOnAsync<Begin>();   // refused
        _actor.Tell(new Noted(notice.Op));
        await HandOnAsync<Begin>();
        await HandOnAsync<Finish>();
        var attach = await Said<AttachReplica>();
        Assert.Equal((capability.File, new FsId(1), "x"), (attach.Replica.File, attach.Fs, attach.Name));
        _actor.Tell(new Committed(attach.Op, capability.File));
        await ReportUntil(report => report.Load.OpenForWrite == 0);
        using var stored = _disk.Open(capability.File, capability.Open);
        Assert.Equal(10, stored.Length);
    }

    [Fact]
    public async Task After_a_crash_owned_uploads_are_kept_and_all_else_goes()
    {
        await ReportUntil(report => report.Health.Boot == BootStatus.Booted);
        await _system.Terminate();
        var (owned, orphan, lost) = (FilesystemCase.Capability(5), FilesystemCase.Capability(6), FilesystemCase.Capability(7));
        Write(owned);
        Write(orphan);
        Write(lost);
        _disk.Keep(lost.File, lost.Open);
        File.WriteAllText(Path.Combine(_disk.Root, "00000000", "00000008.00000000000000000000000000000000-8.part"), "cut off");
        Start();
        await ReportUntil(report => report.Health is { Boot: BootStatus.Booted, Swept: false });
        _actor.Tell(new OrderSweep(new FsId(1), 7));
        await ReportUntil(report => report.Health.Swept);

        var question = await Said<WhoOwns>();
        Assert.Equal(3, question.Replicas.Length);
        _directories.LastSender.Tell(new Owned(
            question.Asked, question.Directory, [.. question.Replicas.Select(replica => replica.File == owned.File ? Ownership.Keep : Ownership.Drop)]));
        var notice = await Said<ReplicaDropped>();
        Assert.Equal([orphan.File, lost.File], notice.Files.Order().ToArray());
        await FilesUntil(2);
        using (var stored = _disk.Open(owned.File, owned.Open)) Assert.Equal(10, stored.Length);
        await Eventually.True(() => File.Exists(_disk.PathOf(owned.File)), "what is owned is kept");
        await ReportUntil(report => report.Usage.Replicas == 1);
    }

    [Fact]
    public async Task After_a_crash_an_upload_whose_file_was_renamed_away_is_kept_by_the_word_of_the_directory_that_has_it_now()
    {
        await ReportUntil(report => report.Health.Boot == BootStatus.Booted);
        await _system.Terminate();
        var moved = FilesystemCase.Capability(5);
        Write(moved);
        var now = new DirectoryId(9);
        Start(file => Task.FromResult<DirectoryId?>(file == moved.File ? now : null));
        await ReportUntil(report => report.Health is { Boot: BootStatus.Booted, Swept: false });
        _actor.Tell(new OrderSweep(new FsId(1), 7));

        var question = await Said<WhoOwns>();
        _directories.LastSender.Tell(new Owned(question.Asked, question.Directory, [Ownership.Unknown]));
        WhoOwns again;
        do again = await Said<WhoOwns>();
        while (again.Directory != now);
        _directories.LastSender.Tell(new Owned(again.Asked, now, [Ownership.Keep]));
        await ReportUntil(report => report.Usage.Replicas == 1);
        await Eventually.True(() => File.Exists(_disk.PathOf(moved.File)), "it is kept");
    }

    [Fact]
    public async Task A_mount_that_is_not_mounted_any_more_is_refused_until_it_is()
    {
        await ReportUntil(report => report.Health.Boot == BootStatus.Booted);
        await _system.Terminate();
        var (id, uuid) = (Path.Combine(_disk.Root, ".eosfsid"), Path.Combine(_disk.Root, ".eosfsuuid"));
        File.Delete(id);
        File.Delete(uuid);
        Start();
        var report = await ReportUntil(r => r.Health.Boot == BootStatus.BootFailure);
        Assert.Contains("not mounted any more", report.Health.Text);
        Assert.Equal(Errno.NoDevice, (await Assert.ThrowsAsync<EosException>(() => _gate.BeginAsync(FilesystemCase.Capability(5), CancellationToken.None))).Why);
        File.WriteAllText(id, "1\n");
        File.WriteAllText(uuid, "uuid-1\n");
        await ReportUntil(r => r.Health.Boot == BootStatus.Booted);
    }

    private void Start(Func<FileId, Task<DirectoryId?>>? find = null)
    {
        _system = ActorSystem.Create("fs", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        (_directories, _views, _gateOfRestorer) = (new Collector(_system), new Collector(_system), new Collector(_system));
        var meter = new FilesystemMeter();
        var parts = new FilesystemParts(
            FilesystemCase.Identity, ConfigStatus.ReadWrite, _disk, meter, _directories.Ref, _views.Ref, SystemClock.Instance, Guid.NewGuid)
        {
            Find = find,
            Restorer = _ => RestoreActor.Props(
                Gate(_gateOfRestorer.Ref), new PeerPort(TimeSpan.FromSeconds(60)), new RestoreSettings(1, 10, int.MaxValue, TimeSpan.FromMilliseconds(10))),
        };
        _actor = _system.ActorOf(FilesystemActor.Supervised(parts, Settings), FilesystemActor.NameOf(new FsId(1)));
        _gate = Gate(_actor);

        ActorGate Gate(IActorRef actor) => new(new FsId(1), _disk, meter, actor, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
    }

    private async Task RestartAsync()
    {
        await _system.Terminate();
        Start();
    }

    private async Task<(TransferId Transfer, ReplicaRecord Record)> StoreAsync(Capability capability)
    {
        await ReportUntil(report => report.Health.Boot == BootStatus.Booted);
        var transfer = await _gate.BeginAsync(capability, CancellationToken.None);
        return (transfer, Write(capability));
    }

    private async Task KeptAsync(ulong file)
    {
        var (transfer, record) = await StoreAsync(FilesystemCase.Capability(file));
        var answer = _gate.CommitAsync(transfer, record);
        var commit = await Said<CommitFile>();
        _actor.Tell(new Committed(commit.Op, commit.File));
        await answer.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private ReplicaRecord Write(Capability capability, Checksum? sum = null)
    {
        var record = FilesystemCase.Record(capability);
        record = record with { Checksum = sum ?? record.Checksum };
        using var upload = _disk.Begin(capability.File, capability.Open, 0);
        upload.Write(new byte[record.Size], 0);
        upload.Complete(record);
        return record;
    }

    /// <summary>The next word of that kind to a directory; what was not answered soon is said again, and may stand before it.</summary>
    private async Task<T> Said<T>()
    {
        while (true)
            if (await _directories.Next<object>() is T said) return said;
    }

    /// <summary>What the restorer asks of its filesystem goes on to it.</summary>
    private async Task HandOnAsync<T>() where T : notnull => _actor.Tell(await _gateOfRestorer.Next<T>(), _gateOfRestorer.LastSender);

    private async Task<FsReport> ReportUntil(Func<FsReport, bool> wanted)
    {
        while (true)
            if (await _views.Next<FsReport>() is var report && wanted(report)) return report;
    }

    private Task FilesUntil(int count) => Eventually.Is(
        () => Task.FromResult(_folder.Files()), _ => Directory.EnumerateFiles(_disk.Root, "0*", SearchOption.AllDirectories).Count() == count, $"{count} files");
}
