namespace Eos.Tests.Scenarios;

/// <summary>Scenarios E: access control lists.</summary>
public abstract class AccessLists(ScenarioInstance instance) : Scenario(instance)
{
    private const string Daemon = "-r 6 6"; // daemon (2) may read everything: somebody else shows more

    [Fact]
    public async Task E64_There_must_be_a_directory_and_a_list()
    {
        await Fails("acl u:6=!x /eos/dev/none");
        await Fails("acl -R u:6=!x /eos/dev/none");
        await Fails($"acl -l {D}");
    }

    [Fact]
    public async Task E66_A_denied_x_closes_a_directory()
    {
        await Ok($"chmod 755 {D}");
        await Ok($"acl u:6=!x {D}");
        await Fails($"{Daemon} ls {D}");
        await Ok($"acl u:6=rwx {D}");
        await Ok($"{Daemon} ls {D}");
        Assert.Contains("rwx", await Ok($"acl -l {D}"));
    }

    [Fact]
    public async Task E67_A_list_opens_a_closed_directory_and_one_of_a_file_the_file()
    {
        await Ok($"chown 2:2 {D}");
        await Up(OneK, $"{D}/f");
        await Ok($"chmod 700 {D}");
        await DownFails($"{D}/f", Nobody);
        await Ok($"acl --sys u:99=rw {D}");
        await DownFails($"{D}/f", "-r 985 985");
        await Ok($"acl --sys u:99=rwx {D}");
        await Down($"{D}/f", Nobody);
        await Ok($"acl --sys u:985=rw {D}/f");
        await Down($"{D}/f", "-r 985 985");
        await Down($"{D}/f", Nobody);
    }

    [Fact]
    public async Task E69_Without_deletion_only_own_files_go()
    {
        await Up(OneK, $"{D}/roots");
        await Ok($"chmod 700 {D}");
        await Ok($"attr set sys.acl=u:99:rwx!d {D}");
        await Up(OneK, $"{D}/own", Nobody);
        await Fails($"{Nobody} rm {D}/roots");
        await Ok($"{Nobody} rm {D}/own");
    }

    [Fact]
    public async Task E71_Without_update_files_are_made_but_not_changed()
    {
        await Ok($"chmod 700 {D}");
        await Ok($"attr set sys.acl=u:99:rwx!u {D}");
        await Up(OneK, $"{D}/f", Nobody);
        await UpFails(OneM, $"{D}/f", Nobody);
    }

    [Fact]
    public async Task E72_A_users_list_counts_where_it_is_wanted()
    {
        await Ok($"mkdir {D}/own");
        await Ok($"chmod 700 {D}/own");
        await Ok($"attr set user.acl=u:99:rwx {D}/own");
        await UpFails(OneK, $"{D}/own/f", Nobody);
        await Ok($"attr set sys.eval.useracl=1 {D}/own");
        await Up(OneK, $"{D}/own/f", Nobody);

        await Up(OneK, $"{D}/own/roots");
        await Ok($"attr set sys.acl=u:99:rwx!d {D}/own");
        await Ok($"attr set user.acl=u:99:+d {D}/own");
        await Fails($"{Nobody} rm {D}/own/roots");
        await Ok($"attr set sys.acl=u:99:rwx!d,u:99:+d {D}/own");
        await Ok($"{Nobody} rm {D}/own/roots");
    }

    [Fact]
    public async Task E74_A_list_takes_rights_from_the_owner()
    {
        await Ok($"mkdir {D}/own");
        await Ok($"chown 99:99 {D}/own");
        await Ok($"chmod 755 {D}/own");
        await Up(OneK, $"{D}/own/f", Nobody);
        await Ok($"attr set sys.eval.useracl=1 {D}/own");
        await Ok($"attr set user.acl=u:99:r!wx {D}/own");
        await UpFails(OneM, $"{D}/own/f", Nobody);
        await UpFails(OneM, $"{D}/own/g", Nobody);
    }

    [Fact]
    public async Task E76_An_overwritten_file_loses_its_lists_unless_they_are_to_stay()
    {
        foreach (var kept in new[] { false, true })
        {
            await Up(OneK, $"{D}/f");
            if (kept) await Ok($"attr set sys.eval.useracl=1 {D}/f");
            await Ok($"attr set sys.acl=u:99:rx {D}/f");
            await Ok($"attr set user.acl=u:99:rx {D}/f");
            await Up(OneM, $"{D}/f");
            var left = await Output($"attr ls {D}/f");
            Assert.Equal(kept, left.Contains("sys.acl", StringComparison.Ordinal));
            Assert.Equal(kept, left.Contains("user.acl", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task E77_A_list_of_a_file_opens_that_file()
    {
        await Up(OneK, $"{D}/f");
        await Ok($"chmod 700 {D}");
        await DownFails($"{D}/f", Nobody);
        await Ok($"attr set sys.acl=u:99:rx {D}/f");
        Assert.Equal(OneK, await Down($"{D}/f", Nobody));
        await Ok($"attr set sys.acl=u:99:w {D}/f");
        await DownFails($"{D}/f", Nobody);
        await Down($"{D}/f");
    }

    [Fact]
    public async Task E79_A_space_adds_its_list_to_those_of_directories()
    {
        await Ok("space define acls 0 0");
        await Ok($"attr set sys.forced.space=acls {D}");
        try
        {
            await Shows("u:2:rwx!d", "", "u:2:rwx!d");
            await Shows("|u:2:rwx!d", "", "u:2:rwx!d");
            await Shows("|u:2:rwx!d", "u:1000:rwx", "u:1000:rwx");
            await Shows("<u:1000:rwx,u:65534:rw", "u:2:rwx!d", "u:1000:rwx,u:65534:rw,u:2:rwx!d");
            await Shows(">u:2:rwx!d", "u:1000:rwx", "u:1000:rwx,u:2:rwx!d");
            await Shows(">u:1000:rwx", "u:1000:rwx", "u:1000:rwx");
        }
        finally
        {
            await Ok("space config rm acls space.attr.sys.acl");
        }

        async Task Shows(string ofSpace, string own, string shown)
        {
            if (own.Length > 0) await Ok($"attr set sys.acl={own} {D}");
            else await Code($"attr rm sys.acl {D}");
            await Ok("space", "config", "acls", $"space.attr.sys.acl={ofSpace}");
            await Settles(() => Output($"attr get sys.acl {D}"), line => line.Contains($"\"{shown}\"", StringComparison.Ordinal), $"{ofSpace} on {own}");
        }
    }

    [Fact]
    public async Task E81_Edits_of_one_tree_at_once_lose_nothing()
    {
        const int editors = 8, directories = 50;
        foreach (var i in Enumerable.Range(0, directories)) await Ok($"mkdir -p {D}/t/d{i}");
        await Task.WhenAll(Enumerable.Range(0, editors).Select(i => Ok($"acl -R --sys u:{71000 + i}=rwx {D}/t")));
        foreach (var i in Enumerable.Range(0, directories))
        {
            var list = await Ok($"acl -l --sys {D}/t/d{i}");
            Assert.All(Enumerable.Range(0, editors), e => Assert.Contains($"u:{71000 + e}:rwx", list));
        }
    }

    [Fact]
    public async Task E82_The_public_sees_so_many_levels()
    {
        await Ok($"chmod 777 {D}");
        await Ok($"mkdir {D}/below");
        await Ok($"chmod 777 {D}/below");
        await Up(OneK, $"{D}/below/f");
        try
        {
            await Ok("vid publicaccesslevel 2");
            await Settles(async () => $"{await Code($"{Nobody} ls {D}/below")}", code => code != "0", "the level counts");
            await Fails($"{Nobody} find {D}/below");
            await Fails($"{Nobody} rm {D}/below/f");
            await Fails($"{Nobody} rmdir {D}/below");
            await Ok($"ls {D}/below");
        }
        finally
        {
            await Ok("vid publicaccesslevel 1024");
        }
        await Settles(async () => $"{await Code($"{Nobody} ls {D}/below")}", code => code == "0", "all levels are open again");
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class AccessListsOnThree(ScenarioInstance instance) : AccessLists(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class AccessListsOnTwo(ScenarioInstanceWithoutOne instance) : AccessLists(instance);
