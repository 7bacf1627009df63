namespace Eos.Cli.Shell;

/// <summary>The directory of the namespace in which a run begins: that in which the last one ended, where EOS_PWD_FILE names a file to keep it in.</summary>
internal static class WorkingDirectory
{
    /// <summary>Null: it is not kept.</summary>
    public static string? File => Environment.GetEnvironmentVariable("EOS_PWD_FILE") is { Length: > 0 } file ? file : null;

    /// <summary>The root where there is no file, or one that says no path.</summary>
    public static string Load(string? file)
    {
        try
        {
            var kept = file is not null && System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).TrimEnd('\n') : "/";
            return kept.StartsWith('/') ? RemotePath.Resolve("/", kept) : "/";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "/";
        }
    }

    public static void Save(string? file, string directory)
    {
        if (file is null) return;
        try
        {
            System.IO.File.WriteAllText(file, directory + "\n");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Failure.OfLocal(file, problem);
        }
    }
}
