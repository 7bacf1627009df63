using System.Text.Json;
using Eos.Kernel;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios I: `find`.</summary>
public abstract class Finding(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task I106_By_mode_and_owner()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Ok($"mkdir {D}/{name}");
            await Up(OneK, $"{D}/{name}/f");
        }
        await Ok($"chmod 750 {D}/c");
        await Ok($"chown 99:99 {D}/c");
        await Ok($"chown 99:99 {D}/c/f");
        await Is(1, "-d -flag 750");
        await Is(3, "-d -nflag 750");
        await Is(1, "-d -uid 99");
        await Is(3, "-d -nuid 99");
        await Is(1, "-d -gid 99");
        await Is(3, "-d -ngid 99");
        await Is(1, "-f -uid 99");
        await Is(2, "-f -nuid 99");
        await Is(1, "-f -gid 99");
        await Is(2, "-f -ngid 99");

        async Task Is(int count, string filters) => Assert.Equal(count, Lines(await Ok($"find {filters} {D}")).Length);
    }

    [Fact]
    public async Task I107_By_attribute_and_with_links()
    {
        await Up(OneK, $"{D}/one");
        await Up(OneK, $"{D}/two");
        await Ok($"attr set sys.test=abc {D}/one");
        Assert.Equal($"{D}/one\n", await Ok($"find -f -x sys.test=abc {D}"));
        await Ok($"ln {D}/a.ln {D}/one");
        Assert.Contains(Lines(await Ok($"find -f {D}")), l => l == $"{D}/a.ln -> {D}/one");
    }

    [Fact]
    public async Task I108_Names_depths_and_counts()
    {
        await Ok($"mkdir -p {D}/a/b/c");
        await Up(OneK, $"{D}/a/b/needle.txt");
        await Up(OneK, $"{D}/a/hay");
        Assert.Equal($"{D}/a/b/needle.txt\n", await Ok($"find -f --name needle {D}"));
        Assert.Contains("nfiles=2 ndirectories=4", await Ok($"find --count {D}"));
        Assert.Equal([$"{D}/", $"{D}/a/"], Lines(await Ok($"find -d --maxdepth 1 {D}")).Order(StringComparer.Ordinal));
        await Fails(Errno.NoEntry, $"find {D}/none");
    }

    [Fact]
    public async Task I109_Information_of_all_that_is_found()
    {
        foreach (var name in new[] { "a&b", "c#and#d", "plain" }) await Up(OneK, $"{D}/{name}");
        await Ok($"mkdir {D}/dir");
        var array = JsonDocument.Parse(await Ok($"-j find --fileinfo {D}")).RootElement;
        Assert.Equal(5, array.GetArrayLength());
        Assert.Contains(array.EnumerateArray(), e => e.GetProperty("path").GetString() == $"{D}/a&b");
        Assert.DoesNotContain(array.EnumerateArray(), e => e.TryGetProperty("children", out _));
        var lines = Lines(await Ok($"find --fileinfo {D}"));
        Assert.Equal(5, lines.Length);
        Assert.All(lines, l => Assert.StartsWith("keylength.file=", l));
        Assert.Contains(lines, l => l.Contains($"file={D}/c#and#d ", StringComparison.Ordinal));
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class FindingOnThree(ScenarioInstance instance) : Finding(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class FindingOnTwo(ScenarioInstanceWithoutOne instance) : Finding(instance);
