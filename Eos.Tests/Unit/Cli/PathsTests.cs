using Eos.Cli;
using Eos.Cli.Copying;

namespace Eos.Tests.Unit.Cli;

public class PathsTests
{
    [Theory]
    [InlineData("/eos/dev", "x", "/eos/dev/x")]
    [InlineData("/eos/dev", "../a/./b//c/", "/eos/a/b/c")]
    [InlineData("/eos", "/../../x", "/x")]
    [InlineData("/", ".", "/")]
    public void Paths_are_resolved_against_the_shells_directory(string cwd, string typed, string expected) =>
        Assert.Equal(expected, RemotePath.Resolve(cwd, typed));

    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/eos", "/", "eos")]
    [InlineData("/eos/dev/", "/eos", "dev")]
    public void A_path_has_a_parent_and_a_name(string path, string parent, string name) =>
        Assert.Equal((parent, name), (RemotePath.Parent(path), RemotePath.Name(path)));

    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a.txt2", false)]
    [InlineData("*", ".hidden", false)]
    [InlineData(".*", ".hidden", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("[a-c]x[!0-9]", "bxy", true)]
    [InlineData("[a-c]x[!0-9]", "bx1", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("a[", "a[", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    public void Patterns_fit_names_as_in_a_shell(string pattern, string name, bool fits) => Assert.Equal(fits, Glob.Fits(pattern, name));

    [Theory]
    [InlineData("/eos/dev/x", 1, "/eos/dev/x", false)]
    [InlineData("/eos/dev/", 1, "/eos/dev", true)]
    [InlineData("/eosx", 2, "/eosx", false)]
    [InlineData("file:/eos/x", 2, "/eos/x", false)]
    [InlineData("root://host:1094//eos/dev/x", 1, "/eos/dev/x", false)]
    [InlineData("dir/", 2, "dir", true)]
    [InlineData("-", 3, "-", false)]
    public void The_ends_of_a_copy_are_told_apart(string typed, int kind, string path, bool inTheLarge) =>
        Assert.Equal(new Place((PlaceKind)kind, path, inTheLarge), Place.Parse(typed));

    [Fact]
    public void What_a_client_asks_for_stands_behind_the_path()
    {
        var place = Place.Parse("/eos/dev/a?b/c?eos.layout.nstripes=3&eos.space=a%20b");
        Assert.Equal(("/eos/dev/a?b/c", "3", "a b"), (place.Path, place.Query["eos.layout.nstripes"], place.Query["eos.space"]));
        Assert.Equal(("/eos/dev/x/y", "s"), (Place.Parse("/eos/dev/x/?eos.space=s").Below("y").Path, Place.Parse("/eos/dev/x/?eos.space=s").Below("y").Query["eos.space"]));
        Assert.Equal("/eos/dev/real", Place.Parse("/eos/dev/other?eos.lfn=/eos/dev/real").Path);
        Assert.True(Place.Parse("/eos/dev/?eos.space=s").InTheLarge);
    }
}
