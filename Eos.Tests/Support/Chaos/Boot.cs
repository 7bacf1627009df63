using System.Diagnostics;

namespace Eos.Tests.Support.Chaos;

/// <summary>How long a node alone takes from the start of its process until it answers for a state of so many keys.</summary>
internal static class Boot
{
    private const int KeysEach = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(int keys, Action<string> tell)
    {
        await using var group = new QdbProcesses(1, []);
        await group.StartAsync();
        var node = group.Nodes[0];
        var clock = Stopwatch.StartNew();
        using (var client = await RespClient.ConnectAsync(node.Redis))
        {
            const int window = 32;
            var batches = (keys + KeysEach - 1) / KeysEach;
            for (var batch = 0; batch < batches + window; batch++)
            {
                if (batch < batches)
                    await client.SendAsync(RespClient.Command(["MSET", .. Enumerable.Range(batch * KeysEach, KeysEach).SelectMany(k => new[] { $"boot:{k:D10}", "a value of some forty bytes, as files have" })]));
                if (batch >= window && await client.ReadAsync() is not "+OK" and var answer) throw new InvalidOperationException(answer);
            }
        }
        tell($"{keys} keys stored in {clock.Elapsed.TotalSeconds:0} s");
        for (var round = 0; round < 5; round++)
        {
            await node.KillAsync();
            clock.Restart();
            node.Start();
            await Eventually.Is(() => node.AskAsync($"GET boot:{keys / 2:D10}", Patience), a => a.StartsWith('$'), "the key is there");
            tell($"{keys} keys, after kill -9: answers {clock.Elapsed.TotalSeconds:0.00} s after the start of its process");
        }
        return 0;
    }
}
