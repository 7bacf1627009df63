using System.Diagnostics;
using System.Net;
using Eos.Fst;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Http;

/// <summary>Transfers are held to the rate of their capability. Slower machines are slower: only the least time is looked at.</summary>
public sealed class PaceTests : IDisposable
{
    private static readonly CapabilityPace Pace = new(1_000_000, SyncsEach: true);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Uploads_and_downloads_go_no_faster_than_they_may()
    {
        var bytes = new byte[600_000];
        bytes[17] = 4;
        await using var port = await DataPort.StartAsync(_folder.Path);
        var capability = port.ToWrite(7) with { Pace = Pace };
        var start = Stopwatch.GetTimestamp();
        using var answer = await port.Client.PutAsync(DataPort.Url(capability), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.4), "600 000 bytes, of which 100 000 may go at once");

        start = Stopwatch.GetTimestamp();
        Assert.Equal(bytes, await port.Client.GetByteArrayAsync(DataPort.Url(port.ToRead(capability))));
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.05), "all but the last block was held back");
    }
}
