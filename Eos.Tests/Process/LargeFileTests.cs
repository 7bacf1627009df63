using System.Net;
using System.Security.Cryptography;
using Eos.Tests.Support;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>A large file goes through a node, not into its memory.</summary>
public sealed class LargeFileTests(ITestOutputHelper output)
{
    private const int Block = 1 << 20;
    private const long GrowthLimit = 100L << 20;

    /// <summary>1 GiB when everything is to run.</summary>
    private static int Blocks => Environment.GetEnvironmentVariable("EOS_TEST_ALL") == "1" ? 1024 : 256;

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var node = await EosProcess.StartedAsync();
        using var http = new HttpFiles();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(node.Status.Http, "/eos/dev/warm", HttpFiles.Bytes(i, 1_000_000))).Status);
            await http.ReadAsync(node.Status.Http, "/eos/dev/warm");
        }

        var before = Peak(node.Pid);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var answer = await http.PutAsync(node.Status.Http, "/eos/dev/large", () => new Generated(sent));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var get = await http.GetAsync(node.Status.Http, "/eos/dev/large"))
        await using (var body = await get.Content.ReadAsStreamAsync())
        {
            var buffer = new byte[Block];
            for (int read; (read = await body.ReadAsync(buffer)) > 0;) received.AppendData(buffer, 0, read);
        }

        var after = Peak(node.Pid);
        Assert.Equal(sent.GetHashAndReset(), received.GetHashAndReset());
        output.WriteLine($"{Blocks} MiB in and out; peak memory {before >> 20} MiB before, {after >> 20} MiB after");
        Assert.InRange(after - before, 0, GrowthLimit);
    }

    /// <summary>The most memory that the process has had in use, in bytes.</summary>
    private static long Peak(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) << 10;

    private sealed class Generated(IncrementalHash sum) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = HttpFiles.Bytes(7, Block);
            for (var i = 0; i < Blocks; i++)
            {
                BitConverter.TryWriteBytes(block, i);
                sum.AppendData(block);
                await stream.WriteAsync(block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)Blocks * Block;
            return true;
        }
    }
}
