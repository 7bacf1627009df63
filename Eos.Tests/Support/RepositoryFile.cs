namespace Eos.Tests.Support;

/// <summary>Files of the repository that tests compare with. `EOS_ACCEPT=1` writes them anew, for a person to read the difference.</summary>
public static class RepositoryFile
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>The file says the same as <paramref name="actual"/>.</summary>
    public static void MustEqual(string relative, string actual)
    {
        if (Environment.GetEnvironmentVariable("EOS_ACCEPT") == "1") File.WriteAllText(Path(relative), actual);
        Assert.True(File.Exists(Path(relative)), $"{relative} is missing: run with EOS_ACCEPT=1 and read what it writes");
        Assert.Equal(File.ReadAllText(Path(relative)), actual);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "eos-actors.sln"))) return folder.FullName;
        throw new InvalidOperationException("the tests run outside of the repository");
    }
}
