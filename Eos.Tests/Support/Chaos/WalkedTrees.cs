namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Trees that are walked while a node is killed, one by each client, so that some of the walks are led by that node: a `find` tells everything, each once; an `rm -r` that was cut off is
/// repeated, and leaves nothing.
/// </summary>
internal sealed class WalkedTrees(IReadOnlyList<CommandLineInProcess> clients, string top)
{
    private const int Directories = 10;
    private const int Files = 3;

    private string Tree(int client) => $"{top}/w{client}";

    public Task MakeAsync() => EachAsync(async (client, i) =>
    {
        for (var d = 0; d < Directories; d++)
        {
            await MustAsync(client, "mkdir", "-p", $"{Tree(i)}/d{d}");
            for (var f = 0; f < Files; f++) await MustAsync(client, "touch", "-n", $"{Tree(i)}/d{d}/f{f}");
        }
    });

    /// <summary>Half of the clients find, half remove; what was wrong.</summary>
    public async Task<IReadOnlyList<string>> WalkAsync() => [.. (await EachAsync((client, i) => i % 2 == 0 ? FindAsync(client, Tree(i)) : RemoveAsync(client, Tree(i)))).OfType<string>()];

    private static async Task<string?> FindAsync(CommandLineInProcess client, string tree)
    {
        var said = await client.RunAsync(["find", tree]);
        var expected = Enumerable.Range(0, Directories).SelectMany(d => Enumerable.Range(0, Files).Select(f => $"{tree}/d{d}/f{f}").Append($"{tree}/d{d}/")).Append($"{tree}/");
        var found = said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return said.Code == 0 && found.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)) ? null : $"find {tree}: {said}";
    }

    private static async Task<string?> RemoveAsync(CommandLineInProcess client, string tree)
    {
        var said = await client.RunAsync(["rm", "-r", tree]);
        if (said.Code != 0) said = await client.RunAsync(["rm", "-r", tree]);
        var left = await client.RunAsync(["find", tree]);
        return left.Code == (int)Eos.Kernel.Errno.NoEntry ? null : $"rm -r {tree}: {said}; left: {left}";
    }

    private static async Task MustAsync(CommandLineInProcess client, params string[] words)
    {
        var said = await client.RunAsync(words);
        if (said.Code != 0) throw new InvalidOperationException($"{string.Join(' ', words)}: {said}");
    }

    private async Task<IReadOnlyList<string?>> EachAsync(Func<CommandLineInProcess, int, Task<string?>> work) => await Task.WhenAll(clients.Select(work));

    private Task EachAsync(Func<CommandLineInProcess, int, Task> work) => Task.WhenAll(clients.Select(work));
}
