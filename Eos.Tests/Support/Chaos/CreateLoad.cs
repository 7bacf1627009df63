using System.Text;
using Eos.Client;
using Eos.Kernel;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Clients that make small files in all directories, some through each node: for each directory and each door one maker, which makes one file after the other. What each was told stands in
/// the directory's <see cref="CreateBook"/>. Now and then somebody tries who may not.
/// </summary>
/// <param name="removes">Of so many files that a maker has made it removes one again; 0: none.</param>
internal sealed class CreateLoad(QdbProcesses nodes, IReadOnlyList<CreateBook> books, TimeSpan pause, int removes = 0) : IAsyncDisposable
{
    /// <summary>Mode of the directories: others than root may not write.</summary>
    public const uint RootAlone = 0x1ed;

    private const int RefusedOneOf = 20;
    private const uint Stranger = 1234;
    private readonly Dictionary<int, (EosClient Root, EosClient Stranger, CancellationTokenSource Enough, Task Makers)> _doors = [];
    private int _round;

    /// <summary>Lets makers begin that speak to that node first; those of before have ended.</summary>
    public void Open(int door)
    {
        var (root, stranger, enough, round) = (nodes.Client(door), nodes.Client(door, uid: Stranger), new CancellationTokenSource(), ++_round);
        _doors.Add(door, (root, stranger, enough, Task.WhenAll(books.Select(book => MakeAsync(root, stranger, book, $"d{door}-{round}", enough.Token)))));
    }

    /// <summary>The makers of that door finish what they have begun.</summary>
    public async Task CloseAsync(int door)
    {
        if (!_doors.Remove(door, out var open)) return;
        await open.Enough.CancelAsync();
        await open.Makers;
        await open.Root.DisposeAsync();
        await open.Stranger.DisposeAsync();
        open.Enough.Dispose();
    }

    public async Task CloseAllAsync()
    {
        foreach (var door in _doors.Keys.ToList()) await CloseAsync(door);
    }

    /// <summary>Lists all directories and compares; reads every file, if wanted.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(bool bytes = false)
    {
        var faults = new List<string>();
        await using var client = nodes.Client(0);
        foreach (var book in books)
        {
            var listed = await client.ListAsync(book.Path).Select(e => e.Name).ToHashSetAsync();
            if (book.Fault(listed) is { } fault) faults.Add(fault);
            if (!bytes) continue;
            await Parallel.ForEachAsync(listed, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, _) =>
            {
                var (path, read) = ($"{book.Path}/{name}", new MemoryStream());
                await client.GetAsync(path, read);   // compares the checksum
                if (read.ToArray().AsSpan().SequenceEqual(BytesOf(path))) return;
                lock (faults) faults.Add($"{path} has other bytes");
            });
        }
        return faults;
    }

    public async ValueTask DisposeAsync() => await CloseAllAsync();

    private async Task MakeAsync(EosClient root, EosClient stranger, CreateBook book, string maker, CancellationToken enough)
    {
        using var pace = new PeriodicTimer(pause);
        try
        {
            for (var n = 0; ; n++)
            {
                await pace.WaitForNextTickAsync(enough);
                var name = $"{maker}-{n}";
                book.Begin(name);
                if (n % RefusedOneOf == 0)
                {
                    await DoneAsync(() => PutAsync(stranger, book, name));
                    book.End(name, CreateBook.Fate.Refused);
                    continue;
                }
                if (!await DoneAsync(() => PutAsync(root, book, name))) continue;
                book.End(name, CreateBook.Fate.Stored);
                if (removes == 0 || n % removes != 0) continue;
                book.Begin(name);
                if (await DoneAsync(() => root.RemoveAsync($"{book.Path}/{name}"))) book.End(name, CreateBook.Fate.Removed);
            }
        }
        catch (OperationCanceledException)
        {
            // it is enough
        }
    }

    /// <summary>The bytes of a file follow from its path.</summary>
    private static byte[] BytesOf(string path) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(path + "\n", 20)));

    private static Task PutAsync(EosClient client, CreateBook book, string name) => client.PutAsync($"{book.Path}/{name}", new MemoryStream(BytesOf($"{book.Path}/{name}")));

    /// <summary>False: refused, or nobody knows.</summary>
    private static async Task<bool> DoneAsync(Func<Task> deed)
    {
        try
        {
            await deed();
            return true;
        }
        catch (EosException)
        {
            return false;
        }
    }
}
