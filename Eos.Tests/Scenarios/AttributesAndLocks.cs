using System.Text.Json;
using Eos.Kernel;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios C: attributes, locks, limits of size, who counts as the owner.</summary>
public abstract class AttributesAndLocks(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task C44_The_default_of_replicas_is_a_set_of_attributes()
    {
        await Ok($"attr set default=replica {D}");
        Assert.Equal(5, Lines(await Ok($"attr ls {D}")).Count(l => l.StartsWith("sys.forced.", StringComparison.Ordinal)));
        Assert.Contains("default", await Ok($"attr get sys.forced.space {D}"));
        await Ok($"mkdir {D}/below");
        Assert.Contains("sys.forced.layout=\"replica\"", await Ok($"attr ls {D}/below"));
    }

    [Fact]
    public async Task C46_What_is_not_set_is_no_data()
    {
        await Ok($"attr set user.k=v {D}");
        await Ok($"attr rm user.k {D}");
        await Fails($"attr rm user.k {D}");
        await Fails(Errno.NoData, $"attr get user.missing {D}");
        await Ok($"attr -c set user.k=v {D}");
        await Fails(Errno.Exists, $"attr -c set user.k=w {D}");
    }

    [Fact]
    public async Task C47_Values_survive_as_they_are()
    {
        await Ok($"touch {D}/f");
        foreach (var value in new[] { "value\"quote", "v1&v2", "a=b", "ünï", "{\"x\":[1,2]}" })
        {
            foreach (var path in new[] { D, $"{D}/f" })
            {
                await Ok("attr", "set", $"user.x={value}", path);
                var json = JsonDocument.Parse(await Ok("-j", "fileinfo", path)).RootElement;
                Assert.Equal(value, json.GetProperty("xattr").GetProperty("user.x").GetString());
            }
        }
    }

    [Fact]
    public async Task C48_A_tree_is_given_an_attribute()
    {
        await Ok($"mkdir -p {D}/a/b");
        await Ok($"attr -r set user.tag=all {D}");
        foreach (var path in new[] { D, $"{D}/a", $"{D}/a/b" }) Assert.Contains("user.tag=\"all\"", await Ok($"attr ls {path}"));
        await Ok($"attr -r rm user.tag {D}");
        await Fails($"attr get user.tag {D}/a/b");
    }

    [Fact]
    public async Task C49_An_ACL_that_says_nothing_is_refused() => await Fails(Errno.Invalid, $"attr set sys.acl=illegal {D}");

    [Fact]
    public async Task C51_A_lock_lets_its_owner_through_and_nobody_else()
    {
        await Ok($"chmod 777 {D}");
        var f = $"{D}/f";
        await Up(Passwd, f, "-r 2 2");
        await Ok($"-a app1 -r 2 2 file touch -l {f}");
        await Ok($"-a app1 -r 2 2 file touch -l {f}");
        await Fails($"-a app2 -r 2 2 file touch -l {f}");
        await DownFails(f, "-r 2 2");
        await DownFails(f, "-a app2 -r 2 2");
        await Down(f, "-a app1 -r 2 2");
        await Fails($"-a app2 -r 2 2 file touch -u {f}");
        await Ok($"-a app1 -r 2 2 file touch -u {f}");

        await Ok($"-a app1 -r 2 2 file touch -l {f} 0");
        await Settles(async () => $"{await Code($"-a app2 -r 2 2 file touch -l {f}")}", code => code == "0", "a lock that has run out");
        await Ok($"-a app2 -r 2 2 file touch -u {f}");

        await Ok($"-a app1 -r 2 2 file touch -l {f} 1000 user");
        await Down(f, "-a app2 -r 2 2");
        await DownFails(f, "-a app1 -r 3 3");
        await Ok($"-a app1 -r 2 2 file touch -u {f}");
        await Ok($"-a app1 -r 2 2 file touch -l {f} 1000 app");
        await Down(f, "-a app1 -r 3 3");
        await DownFails(f, "-a app2 -r 2 2");
        await Ok($"-a app1 -r 2 2 file touch -u {f}");
    }

    [Fact]
    public async Task C52_Files_are_as_large_as_the_directory_allows()
    {
        await Ok($"attr set sys.forced.minsize=1000000 {D}");
        await UpFails(OneK, $"{D}/small");
        await Fails($"stat {D}/small");
        await Up(OneM, $"{D}/large");
        await Ok($"attr rm sys.forced.minsize {D}");
        await Ok($"attr set sys.forced.maxsize=1000000 {D}");
        await UpFails(OneM, $"{D}/larger");
        await Fails($"stat {D}/larger");
        await Up(OneK, $"{D}/smaller");
    }

    [Fact]
    public async Task C54_An_owner_by_authentication_is_the_whole_name()
    {
        await Ok($"chown 5:5 {D}");
        await Ok($"chmod 777 {D}");
        await Ok($"attr set sys.owner.auth=sss:nobody-no-such-user {D}");
        await Up(Passwd, $"{D}/own", "-r nobody nogroup");
        Assert.NotEqual("5", await Info($"{D}/own", "uid"));
        await Ok($"attr set sys.owner.auth=sss:nobody {D}");
        await Up(Passwd, $"{D}/theirs", "-r nobody nogroup");
        Assert.Equal("5", await Info($"{D}/theirs", "uid"));
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class AttributesAndLocksOnThree(ScenarioInstance instance) : AttributesAndLocks(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class AttributesAndLocksOnTwo(ScenarioInstanceWithoutOne instance) : AttributesAndLocks(instance);
