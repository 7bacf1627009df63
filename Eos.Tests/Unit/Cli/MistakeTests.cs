using System.Runtime.CompilerServices;
using Eos.Cli;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>What users get wrong, with the real command line and the real rules: the exit code is EOS's errno, and the text says what was wrong with what.</summary>
public class MistakeTests
{
    private readonly NamespaceInMemory _eos = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public MistakeTests()
    {
        foreach (var (path, mode, uid) in new[] { ("d", 0x1edu, 0u), ("d/full", 0x1edu, 0u), ("open", 0x1ffu, 0u), ("open/mine", 0x1c0u, 4001u), ("open/theirs", 0x1c0u, 4002u) })
            _eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, false, mode), uid);
        _eos.Put("/eos/dev/f");
        _eos.Put("/eos/dev/d/full/x");
        _eos.Must(h => new MakeLink(h, "/eos/dev/l1", "/eos/dev/l2", false));
        _eos.Must(h => new MakeLink(h, "/eos/dev/l2", "/eos/dev/l1", false));
    }

    // paths
    [Theory]
    [InlineData("ls /eos/dev/none", 2, "/eos/dev/none: no such file or directory")]
    [InlineData("ls /eos/dev/f/below", 20, "/eos/dev/f: 'f' is not a directory")]
    [InlineData("ls /eos/dev/l1", 40, "/eos/dev/l1: more than 40 symbolic links")]
    [InlineData("stat /eos/dev/none", 14, "failed to stat /eos/dev/none")]
    [InlineData("stat /eos/dev/f/", 20, "/eos/dev/f: is not a directory")]
    [InlineData("mkdir /eos/dev/d", 17, "/eos/dev/d: 'd' exists")]
    [InlineData("mkdir /eos/dev/none/x", 2, "/eos/dev/none: no such file or directory")]
    [InlineData("mkdir -p /eos/dev/f/x", 20, "/eos/dev/f: 'f' is not a directory")]
    [InlineData("mkdir /eos/../..", 17, "/: file exists")]
    [InlineData("mkdir ''", 2, "a path is empty")]
    [InlineData("rm /eos/dev/none", 2, "/eos/dev/none: no such file 'none'")]
    [InlineData("rm /eos/dev/d", 21, "/eos/dev/d: 'd' is a directory")]
    [InlineData("rm -r /eos", 1, "/eos: too close to the root")]
    [InlineData("rm /eos/d*/x", 22, "wildcards are possible in the last part of a path only: /eos/d*/x")]
    [InlineData("rm /eos/dev/nope*", 2, "nothing fits /eos/dev/nope*")]
    [InlineData("rmdir /eos/dev/d", 39, "/eos/dev/d: directory not empty")]
    [InlineData("rmdir /", 16, "/: can't be removed")]
    [InlineData("cat /eos/dev/d", 21, "/eos/dev/d: is a directory")]
    [InlineData("mv /eos/dev/none /eos/dev/x", 2, "/eos/dev/none: no such file or directory")]
    [InlineData("mv /eos/dev/d /eos/dev/d/full/y", 22, "/eos/dev/d: a directory can't be moved below itself")]
    [InlineData("mv /eos/dev/d /eos/dev/f", 20, "/eos/dev/f")]
    [InlineData("mv / /eos/x", 16, "/: can't be renamed")]
    [InlineData("file rename /eos/dev/f /eos/dev/d", 17, "'d' exists")]
    [InlineData("ln /eos/dev/f /eos/dev/d", 17, "/eos/dev/f")]
    [InlineData("touch /eos/dev/d", 21, "/eos/dev/d")]
    [InlineData("touch /eos/dev/none/x", 2, "/eos/dev/none")]
    [InlineData("cd /eos/dev/f", 20, "/eos/dev/f is no directory")]
    [InlineData("find /eos/dev/none", 2, "/eos/dev/none")]
    [InlineData("du /eos/dev/none", 2, "/eos/dev/none")]
    [InlineData("cp /nonexistent /eos/dev/d/", 2, "cannot read /nonexistent")]
    [InlineData("cp /eos/dev/d /tmp/", 21, "/eos/dev/d is a directory (use -r)")]
    [InlineData("cp /tmp/a /tmp/b", 22, "neither /tmp/a nor /tmp/b is in the namespace")]
    [InlineData("fileinfo fxid:zz", 22, "'fxid:zz' is no number of a file or directory")]
    [InlineData("fileinfo fid:12345", 2, "fid:12345")]
    public Task A_path_that_is_not_what_it_should_be(string line, int code, string text) => Fails(line, code, text);

    // too long, or no text
    [Theory]
    [InlineData("mkdir", "/eos/dev/", 'n', 256, 36, "name 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…' has 256 bytes, 255 are allowed")]
    [InlineData("touch", "/eos/dev/", 'ü', 128, 36, "has 256 bytes, 255 are allowed")]
    [InlineData("ls", "/eos", '/', 4093, 0, "")]
    [InlineData("ls", "/eos/\u00fc", 'x', 4090, 36, "path has 4097 bytes, 4096 are allowed")]
    [InlineData("mkdir", "/eos/dev/a", '\0', 1, 22, "neither '/' nor NUL")]
    [InlineData("mkdir", "/eos/dev/a", '\ud800', 1, 22, "path is not valid Unicode")]
    public async Task A_name_or_path_is_too_long_or_no_text(string verb, string start, char filling, int times, int code, string text)
    {
        var path = start + new string(filling, times);
        Assert.Equal(code, await RunAsync([verb, path]));
        Assert.Contains(text, _error.ToString());
    }

    [Fact]
    public async Task The_longest_name_is_none_too_long()
    {
        Assert.Equal(0, await RunAsync(["mkdir", "/eos/dev/" + new string('n', 255)]));
        Assert.Equal(0, await RunAsync(["touch", "/eos/dev/" + new string('ü', 127)]));
    }

    // rights
    [Theory]
    [InlineData("mkdir /eos/dev/d/x", 1, "/eos/dev/d/x: no write permission in the directory")]
    [InlineData("touch /eos/dev/d/y", 1, "/eos/dev/d/y: no write permission")]
    [InlineData("ls /eos/dev/open/theirs", 13, "/eos/dev/open/theirs: no permission to read")]
    [InlineData("cat /eos/dev/open/theirs/x", 13, "no permission to read")]
    [InlineData("find /eos/dev/open", 13, "no permissions to read directory /eos/dev/open/theirs")]
    [InlineData("rm /eos/dev/d/full/x", 1, "/eos/dev/d/full/x: no write permission")]
    [InlineData("rm -r /eos/dev/d/full", 1, "/eos/dev/d/full/x: no write permission")]
    [InlineData("rm -F /eos/dev/open/mine", 1, "only root passes by the recycle bin")]
    [InlineData("chmod 777 /eos/dev/d", 1, "/eos/dev/d: no permission to change the mode")]
    [InlineData("chown 4001 /eos/dev/open/mine", 1, "no permission to change the owner")]
    [InlineData("attr set sys.acl=u:1:rwx /eos/dev/open/mine", 1, "no permission to change 'sys.acl'")]
    [InlineData("quota set -u 5 -v 1G -p /eos/dev/d", 1, "/eos/dev/d: you are not a quota administrator")]
    [InlineData("space ls nonsense -x", 22, "ls has no option -x")]
    [InlineData("config dump", 1, "config dump: you don't have the required privileges")]
    [InlineData("motd /dev/null", 1, "motd set: you don't have the required privileges")]
    public Task A_user_who_may_not(string line, int code, string text) => Fails("-r 4001 4001 " + line, code, text);

    // words and values
    [Theory]
    [InlineData("nonsense /eos/dev", 22, "there is no command 'nonsense'; 'eos help' lists them")]
    [InlineData("ls --nonsense /eos/dev", 22, "ls has no option --nonsense")]
    [InlineData("ls -h /eos/dev", 22, "ls: -h needs -l")]
    [InlineData("stat", 22, "usage: stat [options] <path>")]
    [InlineData("stat /eos/dev/f /eos/dev/d", 22, "stat: '/eos/dev/d' is one word too many; usage: stat [options] <path>")]
    [InlineData("mv /eos/dev/f", 22, "usage: mv <old> <new>")]
    [InlineData("-r 1", 22, "eos: -r needs <user group>")]
    [InlineData("-r nosuch nosuch ls /eos", 22, "no such user: 'nosuch'")]
    [InlineData("--timeout soon ls /eos", 22, "'soon' is not a number of seconds above 0")]
    [InlineData("chmod 999 /eos/dev/d", 22, "'999' is no octal mode")]
    [InlineData("chown nosuchuser /eos/dev/d", 22, "no user 'nosuchuser'")]
    [InlineData("attr set user.a /eos/dev/d", 22, "attr set needs key=value, not 'user.a'")]
    [InlineData("attr set nonsense=1 /eos/dev/d", 22, "/eos/dev/d: 'nonsense' is no attribute")]
    [InlineData("attr set sys.acl=illegal /eos/dev/d", 22, "'illegal' is no rule")]
    [InlineData("attr get user.none /eos/dev/d", 61, "attribute 'user.none' of /eos/dev/d is not set")]
    [InlineData("attr nonsense", 22, "attr has no command 'nonsense': there are fold, get, link, ls, rm, set, unlink")]
    [InlineData("attr", 22, "attr needs one of fold, get, link, ls, rm, set, unlink")]
    [InlineData("acl -l /eos/dev/d", 61, "/eos/dev/d has no rules of access")]
    [InlineData("acl nonsense /eos/dev/d", 22, "'nonsense' is no rule")]
    [InlineData("find --name ( /eos/dev", 22, "'(' is no regular expression")]
    [InlineData("find --maxdepth -1 /eos/dev", 22, "find: '-1' is no value for --maxdepth")]
    [InlineData("find -uid nosuch /eos/dev", 22, "'nosuch' is neither a number nor a known name")]
    [InlineData("file drop /eos/dev/f x", 22, "file drop: 'x' is no fsid")]
    [InlineData("file tag /eos/dev/f 12", 22, "'12' is none of +fsid, -fsid, ~fsid")]
    [InlineData("quota set -v 1G -p /eos/dev/d", 22, "either a user (-u) or a group (-g) is needed")]
    [InlineData("quota set -u 1 -v lots -p /eos/dev/d", 22, "'lots' is no size")]
    [InlineData("recycle restore nonsense", 22, "'nonsense' is no restore key")]
    [InlineData("recycle config --lifetime 10", 22, "lifetime must be a time of 60 s at least")]
    [InlineData("cp --jobs 0 /eos/dev/f /tmp/x", 22, "--jobs must be 1 to 256")]
    [InlineData("cp --rate 0 /eos/dev/f /tmp/x", 22, "--rate must be above 0 MB/s")]
    [InlineData("cp -a -k /eos/dev/f /tmp/x", 22, "-a changes what is there and -k does not")]
    [InlineData("map link a b", 22, "map link takes two absolute paths")]
    public Task A_word_that_means_nothing(string line, int code, string text) => Fails(line, code, text);

    private async Task Fails(string line, int code, string text)
    {
        Assert.True(Eos.Cli.Shell.Words.TrySplit(line, out var words, out _));
        var found = await RunAsync(words);
        Assert.True(found == code, $"eos {line}: {found}\n{_output}{_error}");
        Assert.Contains(text, _error.ToString());
        Assert.EndsWith($"(errc={code}) ({((Errno)code).Text()})\n", _error.ToString());
    }

    private async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var terminal = new Terminal(_output, _error, new MemoryStream(), new MemoryStream(), false, false);
        await using var session = new Session(
            terminal, options => new EosClient(new Link(_eos), options.Claim with { Uid = 0, Gid = 0, Name = "root", Host = "here" }), new Names("/nonexistent", "/nonexistent"));
        return await new CommandLine(session).RunAsync(words, inShell: false, CancellationToken.None);
    }

    /// <summary>The gateway is the namespace in memory.</summary>
    private sealed class Link(NamespaceInMemory eos) : IGatewayLink
    {
        public TransferSettings Transfer { get; } = TransferSettings.From(new Settings(Settings.Reference, "eos.client.transfer"));

        public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            eos.Parts.Clear();
            var answer = eos.Do(request);
            foreach (var part in eos.Parts.ToList()) yield return part;
            yield return answer;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
