using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Kv;

/// <summary>The bytes of a snapshot: each thing that they say of themselves is checked for itself.</summary>
public class StateImageTests
{
    private static readonly KvRow[] Table = [new KvRow("a"u8.ToArray(), "1"u8.ToArray()), new KvRow("b"u8.ToArray(), "2"u8.ToArray())];
    private static readonly KvDigest Digest = Table.Aggregate(default(KvDigest), (sum, row) => sum.With(row.Key.Span, row.Value.Span));

    [Fact]
    public void What_was_written_is_read()
    {
        var rows = new List<string>();
        var mark = StateImage.Read(new MemoryStream(Image(Digest, Table)), StateFiles.Cluster, _ => { }, (key, value) => rows.Add($"{(char)key[0]}={(char)value[0]}"));
        Assert.Equal(["a=1", "b=2"], rows);
        Assert.Equal(Digest, mark.Machine.Digest);
    }

    [Fact]
    public void A_wrong_checksum_is_found_though_all_rows_are_right()
    {
        var image = Image(Digest, Table);
        image[^1] ^= 1;
        Assert.Contains("checksum", Refused(image));
    }

    [Fact]
    public void Rows_that_are_not_those_of_the_mark_are_found_though_the_checksum_is_right() =>
        Assert.Contains("digest", Refused(Image(Digest with { Low = Digest.Low + 1 }, Table)));

    [Fact]
    public void Rows_out_of_order_are_found() => Assert.Contains("order", Refused(Image(Digest, [.. Table.Reverse()])));

    [Fact]
    public void The_snapshot_of_another_cluster_is_found() => Assert.Contains("other", Refused(Image(Digest, Table, "other")));

    [Fact]
    public void Half_of_it_is_found() => Assert.Contains("cut off", Refused(Image(Digest, Table)[..^5]));

    [Fact]
    public void The_snapshot_of_another_position_is_not_built()
    {
        using var folder = new TemporaryFolder();
        var import = new StateImport(folder.Of("state.db"), StateFiles.Cluster, StateFiles.Knobs());
        var image = Image(Digest, Table);
        foreach (var (index, isRight) in new[] { (6ul, false), (5ul, true) })
        {
            var snapshot = Mark(Digest).Info((ulong)image.Length) with { Position = new LogPosition(new Term(1), new LogIndex(index)) };
            Assert.Equal((ulong)image.Length, import.Keep(new RaftProtocol.SnapshotChunk(new Term(1), snapshot, 0, image, 0, default)));
            Assert.Equal(isRight, import.Build(snapshot));
            Assert.Equal(isRight, File.Exists(import.Built));
        }
    }

    private static StateMark Mark(KvDigest digest) =>
        new(new LogPosition(new Term(1), new LogIndex(5)), TimeSpan.FromSeconds(1), StateFiles.Founders, new KvMark(new LogIndex(5), TimeSpan.FromSeconds(1), digest));

    private static byte[] Image(KvDigest digest, KvRow[] rows, string cluster = StateFiles.Cluster)
    {
        var image = new MemoryStream();
        StateImage.Write(image, cluster, Mark(digest), rows);
        return image.ToArray();
    }

    private static string Refused(byte[] image) =>
        Assert.Throws<InvalidDataException>(() => StateImage.Read(new MemoryStream(image), StateFiles.Cluster, _ => { }, (_, _) => { })).Message;
}
