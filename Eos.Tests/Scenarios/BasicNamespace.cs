using System.Text;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios A 1 to 17, 26 and 27: uploads and rights, ids, names that are not there, files that were removed.</summary>
public abstract class BasicNamespace(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task A01_An_upload_needs_the_right_to_write()
    {
        await Ok($"chmod 755 {D}");
        await UpFails(Passwd, $"{D}/passwd", "-r 2 2");
        await UpFails(Passwd, $"{D}/passwd", Nobody);
    }

    [Fact]
    public async Task A02_With_it_the_upload_is_there_and_stat_tells_what_is_not()
    {
        await Ok($"chmod 777 {D}");
        await Up(Passwd, $"{D}/passwd", "-r 2 2");
        await Up(Passwd, $"{D}/nobody", Nobody);
        await Ok($"stat {D}/passwd");
        await Fails(Errno.Fault, $"stat {D}/passwd.1");
    }

    [Fact]
    public async Task A04_The_logical_name_of_the_query_is_what_is_read()
    {
        await Up(Passwd, $"{D}/passwd");
        Assert.Equal(Passwd, await Down($"{D}/enoent?eos.lfn={D}/passwd"));
        await DownFails($"{D}/enoent?eos.lfn={D}/passwd.1");
    }

    [Fact]
    public async Task A06_Find_counts_the_files_below()
    {
        await Ok($"mkdir -p {D}/a/b");
        await Up(Passwd, $"{D}/a/b/passwd");
        Assert.Contains("nfiles=1", await Ok($"find -f --count {D}"));
    }

    [Fact]
    public async Task A07_A_slash_behind_a_file_is_no_file()
    {
        await Up(Passwd, $"{D}/passwd");
        await Fails($"stat {D}/passwd/");
        await UpFails(Passwd, $"{D}/passwd/");
    }

    [Fact]
    public async Task A09_Renaming_needs_the_right_to_write()
    {
        await Up(Passwd, $"{D}/passwd");
        await Ok($"chmod 755 {D}");
        await Fails($"{Nobody} file rename {D}/passwd {D}/x");
        await Ok($"chmod 777 {D}");
        await Ok($"{Nobody} file rename {D}/passwd {D}/x");
        await Ok($"stat {D}/x");
    }

    [Fact]
    public async Task A11_Files_and_directories_are_renamed_by_their_ids()
    {
        await Up(Passwd, $"{D}/old.txt");
        await Ok($"file rename fxid:{await Info($"{D}/old.txt", "fxid")} {D}/new.txt");
        await Fails($"stat {D}/old.txt");
        await Ok($"file rename fid:{await Info($"{D}/new.txt", "fid")} {D}/newer.txt");
        await Fails($"stat {D}/new.txt");
        await Ok($"stat {D}/newer.txt");

        await Ok($"mkdir {D}/dir");
        await Ok($"file rename cxid:{await Info($"{D}/dir", "fxid")} {D}/other");
        await Ok($"file rename cid:{await Info($"{D}/other", "fid")} {D}/another");
        await Ok($"stat -d {D}/another");
        await Fails($"stat {D}/dir");
    }

    [Fact]
    public async Task A12_Ids_that_are_none_are_refused()
    {
        foreach (var id in new[] { "fxid:invalid", "cxid:999999999", "fid:abc", "cid:0x1", "fid:18446744073709551615" })
            await Fails($"file rename {id} {D}/x");
    }

    [Fact]
    public async Task A14_A_link_points_to_the_file_of_an_id()
    {
        await Up(Passwd, $"{D}/passwd");
        await Ok($"file symlink {D}/l.txt fxid:{await Info($"{D}/passwd", "fxid")}");
        Assert.Equal(Passwd, Encoding.UTF8.GetBytes(await Ok($"cat {D}/l.txt")));
        Assert.Contains($" -> {D}/passwd", await Ok($"ls -l {D}"));
    }

    [Fact]
    public async Task A16_A_directory_is_made_once()
    {
        await Ok($"mkdir {D}/x");
        await Fails(Errno.Exists, $"mkdir {D}/x");
    }

    [Fact]
    public async Task A26_A_removed_file_is_detached_until_its_replicas_are_deleted_or_forgotten()
    {
        var ids = new List<string>();
        foreach (var name in new[] { "f", "g" })
        {
            await Up(OneK, $"{D}/{name}");
            await Ok($"file tag {D}/{name} +{Silent}");
            ids.Add(await Info($"{D}/{name}", "fxid"));
            await Ok($"rm -F {D}/{name}");
            await Fails($"stat {D}/{name}");
            Assert.Contains("status=pending_deletion", await Ok($"fileinfo fxid:{ids[^1]} -m"));
            await Ok($"rm fxid:{ids[^1]}");
            Assert.Contains($"(undeleted) $ {Silent}", await Ok($"fileinfo fxid:{ids[^1]}"));
        }
        await Fails(Errno.AccessDenied, $"{Nobody} rm -F fxid:{ids[0]}");
        await Ok($"rm -F fxid:{ids[0]}");
        Assert.Contains("tombstone", await Fails($"fileinfo fxid:{ids[0]}"));
        await Fails(Errno.NoEntry, $"rm fxid:{ids[0]}");

        await Fails(Errno.NotPermitted, $"{Nobody} fs dropdeletion {Silent}");
        await Ok($"fs dropdeletion {Silent}");
        await IsGone(ids[1]);
    }

    [Fact]
    public async Task A26_The_replicas_of_a_removed_file_go_by_themselves()
    {
        await Up(OneK, $"{D}/f");
        var (id, fs) = (await Info($"{D}/f", "fxid"), await Info($"{D}/f", "fsid"));
        await Ok($"rm -F {D}/f");
        await Ok($"fs dropdeletion {fs}");
        await IsGone(id);
    }

    [Fact]
    public async Task A27_A_removed_file_says_so()
    {
        await Up(OneK, $"{D}/f");
        await Ok($"file tag {D}/f +{Silent}");
        var fid = await Info($"{D}/f", "fid");
        await Ok($"rm -F {D}/f");
        var line = await Ok($"fileinfo fid:{fid} -m");
        Assert.Equal(("1", "f", "0", "1024"), (Value(line, "detached"), Value(line, "file"), Value(line, "pid"), Value(line, "size")));
        Assert.Contains($"fsdel={Silent}", line);
        using var json = System.Text.Json.JsonDocument.Parse(await Ok($"fileinfo fid:{fid} -j"));
        Assert.True(json.RootElement.GetProperty("detached").GetBoolean());
        Assert.DoesNotContain($"{D}/f", await Ok($"find -f {D}"));
        await Ok($"rm -F fid:{fid}");
        Assert.Contains("tombstone", await Fails($"fileinfo fid:{fid} -m"));
    }

    /// <summary>A filesystem that never says that it has deleted anything: there is none of that number.</summary>
    private const uint Silent = 60000;

    /// <summary>The record is gone when the last replica is.</summary>
    private Task IsGone(string fxid) => Eventually.Is(() => Instance.RunAsync($"fileinfo fxid:{fxid}"), o => o.Code == (int)Errno.NoEntry, "the record of the removed file goes");

    [Fact]
    public async Task A17_What_is_not_there_is_not_listed()
    {
        Assert.NotEqual(0, (await Instance.RunAsync([], "cd /__none\n")).Code);
        await Fails("ls /__none");
        await Fails(Errno.NoEntry, $"ls -l {D}/missing");
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class BasicNamespaceOnThree(ScenarioInstance instance) : BasicNamespace(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class BasicNamespaceOnTwo(ScenarioInstanceWithoutOne instance) : BasicNamespace(instance);
