using System.Text.RegularExpressions;

namespace Eos.Tests.Architecture;

public class HouseTests
{
    /// <summary>Rooms of Eos.Actors from the ground up; a room may use those below it and its neighbours on the same floor.</summary>
    private static readonly string[][] Floors =
    [
        ["Kernel"],
        ["Wire"],
        ["Raft"],
        ["Kv"],
        ["Journal"],
        ["Instance", "Logs"],
        ["Scheduling", "Identity", "Fst"],
        ["Services", "Namespace", "Views", "Master"],
        ["Gateway", "Client"],
    ];

    private static readonly string[] Product = ["Akka.Embedded", "Akka.Embedded.TestKit", "Eos.Actors", "Eos.Host", "Eos.Cli", "Eos.Benchmarks"];

    [Fact]
    public void The_actor_library_carries_its_reference_configuration()
    {
        var names = System.Reflection.Assembly.Load("Eos.Actors").GetManifestResourceNames();
        Assert.Contains("eos.reference.conf", names);
        Assert.Contains("akka.conf", names);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(SourceTree.Of([.. Product, "Eos.Tests"]).Where(f => f.Text.Count(c => c == '\n') > 400).Select(f => f.Path));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Empty(SourceTree.Of([.. Product, "Eos.Tests"])
            .Where(f => !f.Path.EndsWith("HouseTests.cs", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(f.Text, @"\b(TODO|FIXME|HACK|TBD)\b|NotImplementedException|#region"))
            .Select(f => f.Path));

    [Fact]
    public void Actors_and_rules_take_time_chance_and_ids_as_data_and_never_block() =>
        Assert.Empty(SourceTree.Lines(new Regex(
            @"Thread\.Sleep|Task\.Delay|DateTime(Offset)?\.(Utc)?Now|Guid\.NewGuid|Random\.Shared|\.Result\b(?!\s*\?)|\.Wait\(\)|async void|\bTask\.Run\("),
            "Eos.Actors").Where(l => !IsShell(l)).ToList());

    [Fact]
    public void Tests_wait_for_events_and_do_not_sleep() =>
        Assert.Empty(SourceTree.Lines(new Regex(@"Thread\.Sleep|Task\.Delay"), "Eos.Tests")
            .Where(l => !l.StartsWith("Eos.Tests/Architecture/", StringComparison.Ordinal)).ToList());

    [Fact]
    public void Rules_and_states_know_nothing_of_actors_or_files() =>
        Assert.Empty(SourceTree.Of("Eos.Actors")
            .Where(f => Regex.IsMatch(f.Path, @"(Rules|State|Plan|Pages|Placement|Scoring)\.cs$"))
            .Where(f => Regex.IsMatch(f.Text, @"using Akka|Akka\.Actor|System\.IO\b|\bConsole\."))
            .Select(f => f.Path));

    [Fact]
    public void Rooms_depend_downwards_only()
    {
        var floor = Floors.SelectMany((rooms, level) => rooms.Select(r => (r, level))).ToDictionary(x => x.r, x => x.level);
        var wrong =
            from file in SourceTree.Of("Eos.Actors")
            let room = file.Path.Split('/') is [_, var r, _, ..] ? r : null
            where room is not null && floor.ContainsKey(room)
            from Match use in Regex.Matches(file.Text, @"^using Eos\.(\w+)", RegexOptions.Multiline)
            let other = use.Groups[1].Value
            where floor.TryGetValue(other, out var level) && level > floor[room]
            select $"{file.Path} uses {other}";
        Assert.Empty(wrong);
    }

    /// <summary>The one clock of the product and the edges where a process meets the world.</summary>
    private static bool IsShell(string line) =>
        line.StartsWith("Eos.Actors/Kernel/", StringComparison.Ordinal) || line.StartsWith("Eos.Actors/Client/", StringComparison.Ordinal);
}
