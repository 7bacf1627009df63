namespace Eos.Identity;

/// <summary>Where a node finds its users: `/etc/passwd` and `/etc/group`. A file that can't be read counts as empty.</summary>
public static class UserFiles
{
    public static async Task<UserBook> ReadAsync() =>
        UserBook.Parse(await TextAsync("/etc/passwd").ConfigureAwait(false), await TextAsync("/etc/group").ConfigureAwait(false));

    private static async Task<string> TextAsync(string path)
    {
        try
        {
            return await File.ReadAllTextAsync(path).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
