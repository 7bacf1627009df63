using Eos.Kernel;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios F: quota, in a space where it counts.</summary>
public abstract class Quotas(ScenarioInstance instance) : Scenario(instance)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Ok($"chmod 777 {D}");
        await Ok("space quota default on");
    }

    public override async Task DisposeAsync()
    {
        await Ok("space quota default off");
        await base.DisposeAsync();
    }

    [Fact]
    public async Task F84_A_limit_needs_its_path()
    {
        await Ok($"quota set -u 99 -p {D} -v 1T -i 1M");
        await Fails($"quota set -u 99 {D} -v 1T");
        await Fails("quota set -u 99 -p /doesnotexist -v 1T");
        Assert.Contains("maxfiles=1000000", await Ok($"quota ls -m -p {D}"));
    }

    [Fact]
    public async Task F86_What_is_used_is_shown_changed_and_counted_again()
    {
        await Ok($"attr set sys.forced.layout=plain {D}");
        await Ok($"quota set -u 3 -p {D} -v 1T -i 1M");
        await Up(OneK, $"{D}/f", "-r 3 4");
        await Shows("usedbytes=1024", "usedlogicalbytes=1024", "usedfiles=1");
        await Ok($"ns update_quotanode {D} uid:3 bytes:2000 physicalbytes:3000 inodes:1000");
        await Shows("usedbytes=3000", "usedlogicalbytes=2000", "usedfiles=1000");
        await Ok($"ns recompute_quotanode {D}");
        await Shows("usedbytes=1024", "usedlogicalbytes=1024", "usedfiles=1");

        Task<string> Shows(params string[] wanted) => Settles(
            async () => Lines(await Ok($"quota ls -m -n -p {D}")).FirstOrDefault(l => l.Contains(" uid=3 ", StringComparison.Ordinal)) ?? "",
            line => wanted.All(w => line.Contains($" {w} ", StringComparison.Ordinal)), string.Join(' ', wanted));
    }

    [Fact]
    public async Task F87_A_project_counts_everybody()
    {
        await Ok($"mkdir {D}/proj");
        await Ok($"chmod 777 {D}/proj");
        await Ok($"quota set -g 99 -p {D}/proj -v 1T -i 1M");
        await Up(OneK, $"{D}/proj/f", "-r 3 3");
        Assert.Contains($"gid=project space={D}/proj/", await Ok($"quota ls -m -p {D}/proj"));
    }

    [Fact]
    public async Task F89_Beyond_the_limit_and_without_one_nothing_is_stored()
    {
        await Ok($"quota set -u 99 -p {D} -v 1000 -i 1M");
        await UpFails(OneM, $"{D}/f", Nobody);
        await Fails(Errno.QuotaExceeded, $"{Nobody} cp -s {Instance.Local(OneM)} {D}/f");
        await Up(OneM, $"{D}/roots");
        await Fails(Errno.QuotaExceeded, $"-r 12345 12345 cp -s {Instance.Local(OneK)} {D}/g");
    }

    [Fact]
    public async Task F90_So_many_files_and_one_more()
    {
        await Ok($"quota set -u 99 -p {D} -v 1T -i 2");
        for (var i = 0; i < 3; i++) await Up(OneK, $"{D}/f{i}", Nobody);
        await Settles(async () => $"{await Code($"{Nobody} cp -s {Instance.Local(OneK)} {D}/more")}", code => code == $"{(int)Errno.QuotaExceeded}", "the limit of files");
    }

    [Fact]
    public async Task F91_A_space_that_is_to_be_no_larger_takes_sudoers_only()
    {
        try
        {
            await Ok("space config default space.nominalsize=1");
            await Settles(async () => $"{await Code($"{Nobody} cp -s {Instance.Local(OneK)} {D}/f")}", code => code == $"{(int)Errno.NoSpace}", "the nominal size");
            await Up(OneK, $"{D}/roots");
        }
        finally
        {
            await Ok("space config default space.nominalsize=remove");
        }
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class QuotasOnThree(ScenarioInstance instance) : Quotas(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class QuotasOnTwo(ScenarioInstanceWithoutOne instance) : Quotas(instance);
