using System.Text.RegularExpressions;

namespace Eos.Tests.Architecture;

public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));

    [Fact]
    public void What_the_readme_quotes_of_the_embedding_example_stands_there()
    {
        var example = File.ReadAllText(Path.Combine(SourceTree.Root, "Eos.Tests/Cluster/EmbeddingExample.cs")).Split('\n').Select(l => l.Trim()).ToHashSet();
        var quoted = Regex.Match(Readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value.Split('\n').Select(l => l.Trim()).ToList();
        Assert.True(quoted.Count > 20, "the README quotes the example");
        Assert.Empty(quoted.Except(example));
    }

    [Fact]
    public void Files_and_rooms_that_the_readme_names_exist()
    {
        var links = Regex.Matches(Readme, @"\]\((?!http|#)([^)]+)\)").Select(m => m.Groups[1].Value);
        var rooms = Regex.Matches(Readme, @"^\| ([A-Z]\w+) \|", RegexOptions.Multiline).Select(m => $"Eos.Actors/{m.Groups[1].Value}");
        var missing = links.Concat(rooms).Where(path => !Path.Exists(Path.Combine(SourceTree.Root, path))).ToList();
        Assert.Empty(missing);
        var folders = Directory.GetDirectories(Path.Combine(SourceTree.Root, "Eos.Actors")).Select(d => $"Eos.Actors/{Path.GetFileName(d)}");
        Assert.Equal(["Eos.Actors/bin", "Eos.Actors/obj"], folders.Except(rooms).Order(StringComparer.Ordinal));
    }
}
