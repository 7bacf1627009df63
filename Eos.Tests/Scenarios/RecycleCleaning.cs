using System.Globalization;

namespace Eos.Tests.Scenarios;

/// <summary>Scenario 97: what has been in the bin for too long goes by itself, once so much of it is used.</summary>
public abstract class RecycleCleaning(ScenarioInstance instance) : Scenario(instance)
{
    private const string Bin = "/eos/dev/proc/recycle/uid:97";
    private readonly DateTime _today = DateTime.UtcNow;

    [Fact]
    public async Task G97_What_was_removed_months_ago_goes_and_what_was_removed_lately_stays()
    {
        await Ok($"chmod 777 {D}");
        await Ok($"recycle config --add-bin {D}");
        await Ok("recycle config --lifetime 31d");
        await Ok("recycle config --size 4G");
        await Ok("recycle config --ratio 0.0000001"); // 400 bytes
        foreach (var (name, days) in new[] { ("old", 180), ("older", 200), ("young", 14), ("today", 0) })
        {
            await Up(OneK, $"{D}/{name}", "-r 97 97");
            await Ok($"-r 97 97 rm {D}/{name}");
            if (days > 0) await Redate(name, days);
        }
        await Ok("recycle config --collect-interval 10s");
        await Ok("recycle config --remove-interval 10s");
        await Settles(async () => string.Join(' ', Lines(await Ok("find", "-f", Bin)).Select(path => path.Split("#:#")[^1].Split('.')[0]).Order(StringComparer.Ordinal)),
            left => left == "today young", "what is old has gone");
        await Settles(async () => $"{await Code($"stat {Bin}/{Folder(180)}")}", code => code != "0", "the folder of the day has gone with it");
        await Ok("recycle config --collect-interval 1d");
        Assert.Equal(2, Lines(await Ok("recycle ls --all")).Count(line => line.Contains($"{D}/", StringComparison.Ordinal)));
    }

    /// <summary>As if it had been removed so many days ago.</summary>
    private async Task Redate(string name, int days)
    {
        var path = Assert.Single(Lines(await Ok("find", "-f", Bin)), line => line.Contains($"#:#{name}.", StringComparison.Ordinal));
        var folder = $"{Bin}/{Folder(days)}";
        await Ok($"mkdir -p {folder}");
        await Ok("file", "rename", path, $"{folder}/{path.Split('/')[^1]}");
    }

    private string Folder(int days) => _today.AddDays(-days).ToString("yyyy'/'MM'/'dd'/0'", CultureInfo.InvariantCulture);
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class RecycleCleaningOnThree(ScenarioInstance instance) : RecycleCleaning(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class RecycleCleaningOnTwo(ScenarioInstanceWithoutOne instance) : RecycleCleaning(instance);
