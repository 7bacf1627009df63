using Eos.Cli.Render;

namespace Eos.Tests.Unit.Cli;

/// <summary>Names of users and groups: of the files, and behind them of the C library.</summary>
public sealed class NamesTests
{
    [Fact]
    public void Whom_the_files_do_not_know_the_system_is_asked_for()
    {
        var names = new Names("/nonexistent", "/nonexistent", asksSystem: true);
        Assert.Equal((0u, 0u), (names.Uid("root"), names.Gid("root")));
        Assert.Equal(("root", "root"), (names.User(0), names.Group(0)));
        Assert.Equal(("4000000001", "4000000002"), (names.User(4_000_000_001), names.Group(4_000_000_002)));
        Assert.Null(names.Uid("nobody-of-that-name-here"));
        Assert.Null(names.Gid("no-group-of-that-name-here"));
        Assert.Equal(4_000_000_001u, names.Uid("4000000001"));
    }

    [Fact]
    public void Without_the_system_only_the_files_count()
    {
        var names = new Names("/nonexistent", "/nonexistent");
        Assert.Equal(("0", "0"), (names.User(0), names.Group(0)));
        Assert.Null(names.Uid("root"));
    }
}
