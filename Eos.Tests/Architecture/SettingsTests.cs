using System.Text.RegularExpressions;
using Akka.Configuration;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Host;
using Eos.Host.Http;
using Eos.Host.Local;
using Eos.Host.Resp;
using Eos.Instance;
using Eos.Journal;
using Eos.Kernel;
using Eos.Kv;
using Eos.Logs;
using Eos.Master;
using Eos.Namespace;
using Eos.Raft;
using Eos.Services;
using Eos.Tests.Support;
using Eos.Views;

namespace Eos.Tests.Architecture;

public class SettingsTests
{
    private readonly List<string> _reads = [];

    [Fact]
    public void Every_key_is_read_and_every_read_has_a_key()
    {
        ReadAll();
        var keys = Keys().Select(k => k.Key).Except(["eos.instance", "eos.namespace.shards"]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(keys, keys.Where(_reads.Contains).ToList());
        Assert.Empty(_reads.Except(Keys().Select(k => k.Key)));
    }

    [Fact]
    public void Every_key_has_a_comment() => Assert.Empty(Keys().Where(k => !k.HasComment).Select(k => k.Key));

    [Fact]
    public void A_setting_out_of_range_or_unreadable_is_refused_by_its_name()
    {
        var wrong = ConfigurationFactory.ParseString("eos { views.offline-after = 1ms, namespace.file-mode = 9, gateway.replicas = 0, client.first-retry = soon }");
        Assert.ThrowsAny<ArgumentException>(() => ViewSettings.From(new Settings(wrong, "eos.views")));
        Assert.Contains("file-mode", Assert.Throws<ConfigurationException>(() => DirectorySettings.From(new Settings(wrong, "eos.namespace"))).Message);
        Assert.Contains("replicas", Assert.ThrowsAny<ArgumentException>(() => GatewaySettings.From(new Settings(wrong, "eos.gateway"), "x", default)).Message);
        Assert.Contains("first-retry", Assert.Throws<ConfigurationException>(() => ClientSettings.From(new Settings(wrong, "eos.client"))).Message);
        Assert.Contains("no-such-key", Assert.Throws<ConfigurationException>(() => new Settings(wrong, "eos.client").Int("no-such-key")).Message);
    }

    private void ReadAll()
    {
        DirectorySettings.From(Section("eos.namespace"));
        WakeSettings.From(Section("eos.namespace"));
        MemorySettings.From(Section("eos.namespace").Section("memory"));
        ViewSettings.From(Section("eos.views"));
        UpkeepSettings.From(Section("eos.upkeep"));
        RouteSettings.From(Section("eos.routes"));
        LogSettings.From(Section("eos.log"));
        InstanceSettings.From(Section("eos.configuration"));
        GatewaySettings.From(Section("eos.gateway"), "dev", TimeSpan.FromSeconds(60));
        ClientSettings.From(Section("eos.client"));
        FilesystemSettings.From(Section("eos.fst"));
        RestoreSettings.From(Section("eos.fst.restore"));
        HttpSettings.From(Section("eos.http"));
        RaftSettings.From(Section("eos.raft"));
        foreach (var preset in new[] { "default", "relaxed", "tight" }) RaftSettings.From(Section("eos.raft"), preset);
        RaftLogSettings.From(Section("eos.raft").Section("log"));
        FormationSettings.From(Section("eos.formation"));
        MasterSettings.From(Section("eos.master"), Section("eos.raft"));
        QdbSettings.From(Section("eos.qdb"));
        StateSettings.From(Section("eos.qdb").Section("state"));
        KvClientSettings.From(Section("eos.journal.client"));
        SessionSettings.From(Section("eos.journal.session"), 0.01);
        JournalSettings.From(Section("eos.journal"));
        RespSettings.From(Section("eos.resp"));
        HostSettings.From(Section("eos.node"));
        SocketSettings.From(Section("eos.socket"));
        Section("eos.client").Text("system");
    }

    private Settings Section(string path) => new(Settings.Reference, path, _reads);

    /// <summary>Keys in the order of the file, by the nesting of its braces; a comment is what stands right above.</summary>
    private static List<(string Key, bool HasComment)> Keys()
    {
        var (path, keys, commented) = (new Stack<string>(), new List<(string, bool)>(), false);
        foreach (var raw in File.ReadAllLines(RepositoryFile.Path("hocon/eos.reference.conf")))
        {
            var line = raw.Trim();
            if (line.StartsWith('#')) commented = true;
            else if (line.Length == 0) commented = false;
            else if (Regex.Match(line, @"^([\w.-]+) \{$") is { Success: true } block) path.Push(block.Groups[1].Value);
            else if (line == "}") path.Pop();
            else if (Regex.Match(line, @"^([\w-]+) = ") is { Success: true } key) keys.Add((string.Join('.', path.Reverse().Append(key.Groups[1].Value)), commented));
        }
        return keys;
    }
}
