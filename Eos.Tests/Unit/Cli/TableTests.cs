using Eos.Cli.Render;

namespace Eos.Tests.Unit.Cli;

public class TableTests
{
    [Fact]
    public void The_header_stands_in_a_box_and_rows_below_it_are_indented_by_one_blank() => Assert.Equal(
        """
        ┌────┬────┐
        │host│  id│
        └────┴────┘
         a       7
         long 1024

        """.Replace("\r", ""),
        Table.Draw([new("host"), new("id", Right: true)], [["a", "7"], ["long", "1024"]]));

    [Fact]
    public void Without_rows_nothing_is_drawn() => Assert.Equal("", Table.Draw([new("host")], []));
}
