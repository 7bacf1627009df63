using System.Text;

namespace Eos.Cli.Render;

/// <summary>One column of a table: its header and on which side its cells end.</summary>
internal readonly record struct Column(string Header, bool Right = false);

/// <summary>A table as EOS draws it: the header in a box, then the rows indented by one blank.</summary>
internal static class Table
{
    /// <summary>The whole table, each line ended; nothing when there are no rows.</summary>
    public static string Draw(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0) return "";
        var widths = columns.Select((c, i) => Math.Max(c.Header.Length, rows.Max(r => r[i].Length))).ToArray();
        var text = new StringBuilder();
        Rule(text, widths, '┌', '┬', '┐');
        text.Append('│');
        for (var i = 0; i < widths.Length; i++) text.Append(Cell(columns[i].Header, widths[i], columns[i].Right)).Append('│');
        text.Append('\n');
        Rule(text, widths, '└', '┴', '┘');
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var i = 0; i < widths.Length; i++) line.Append(' ').Append(Cell(row[i], widths[i], columns[i].Right));
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    private static string Cell(string value, int width, bool right) => right ? value.PadLeft(width) : value.PadRight(width);

    private static void Rule(StringBuilder text, int[] widths, char left, char middle, char right)
    {
        text.Append(left);
        text.AppendJoin(middle, widths.Select(w => new string('─', w)));
        text.Append(right).Append('\n');
    }
}
