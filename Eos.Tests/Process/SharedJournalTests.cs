using Eos.Tests.Support;

// not Eos.Tests.Process: that would hide System.Diagnostics.Process from all tests
namespace Eos.Tests.Processes;

/// <summary>Three real processes write to one SQLite journal at once; one of them is killed.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class SharedJournalTests : JournalTest, IDisposable
{
    private const int Actors = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => SqlitePlugins.Hocon(_folder.Of("journal.db"));

    public void Dispose() => _folder.Dispose();

    private NodeProcess Writer(string name) => NodeProcess.StartSelf(name, "journal-writer", _folder.Of("journal.db"), name, $"{Actors}");

    private static async Task Stores(NodeProcess writer, int events)
    {
        for (var i = 0; i < events; i++) await writer.Heard(l => l.StartsWith("ACK ", StringComparison.Ordinal), Patience, "storing");
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_whoever_is_killed()
    {
        await using var one = Writer("one");
        await using var two = Writer("two");
        var three = Writer("three");
        await Task.WhenAll(Stores(one, 200), Stores(two, 200), Stores(three, 200));
        await three.Kill();
        await Task.WhenAll(Stores(one, 200), Stores(two, 200));
        await using var again = Writer("three");
        await Stores(again, 50);
        foreach (var writer in new[] { one, two, again }) await writer.Kill();

        foreach (var writer in new[] { one, two, three, again }) Assert.DoesNotContain(writer.Said, l => l.StartsWith("FAIL", StringComparison.Ordinal));
        foreach (var name in new[] { "one", "two", "three" })
            for (var i = 0; i < Actors; i++)
            {
                var id = $"{name}-{i}";
                var last = new[] { one, two, three, again }.SelectMany(w => w.Said).Select(l => l.Split(' ')).Where(w => w[0] == "ACK" && w[1] == id)
                    .Select(w => long.Parse(w[2])).DefaultIfEmpty(0).Max();
                var (payloads, highest) = await Replay(id);
                Assert.True(highest >= last, $"{id}: {last} was acknowledged, {highest} is there");
                Assert.Equal(Payloads(id, 1, highest), payloads);
            }
        await three.DisposeAsync();
    }
}
