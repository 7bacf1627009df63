using System.Text;

namespace Eos.Cli.Shell;

/// <summary>Draws a line being typed, over one or more rows, with the few escape sequences that every terminal knows.</summary>
internal static class LineFrame
{
    /// <summary>
    /// The characters that replace what was drawn before by <paramref name="prompt"/> and <paramref name="text"/>, with the cursor where it belongs.
    /// </summary>
    /// <param name="row">In: the row of the old cursor, counted from the prompt's. Out: the row of the new one.</param>
    public static string Draw(string prompt, string text, int cursor, int width, ref int row)
    {
        width = Math.Max(width, 2);
        var drawn = new StringBuilder();
        if (row > 0) drawn.Append($"\e[{row}A");
        drawn.Append("\r\e[J").Append(prompt).Append(text);
        var end = prompt.Length + text.Length;
        if (end > 0 && end % width == 0) drawn.Append(" \r\e[K"); // leave the last column now, or the terminal wraps when it likes
        var at = prompt.Length + cursor;
        var up = end / width - at / width;
        if (up > 0) drawn.Append($"\e[{up}A");
        drawn.Append('\r');
        if (at % width > 0) drawn.Append($"\e[{at % width}C");
        row = at / width;
        return drawn.ToString();
    }
}
