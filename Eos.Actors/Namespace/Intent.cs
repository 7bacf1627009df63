namespace Eos.Namespace;

/// <summary>What a caller wants to do in a directory, or with one of its entries.</summary>
public enum Intent
{
    /// <summary>Pass through to what is below.</summary>
    Enter,

    /// <summary>List names, or read a file.</summary>
    Read,

    /// <summary>Make a new name.</summary>
    Create,

    /// <summary>Write into or replace a file that is there.</summary>
    Update,

    /// <summary>Remove a name.</summary>
    Delete,

    /// <summary>Take a name away by renaming.</summary>
    RenameOut,

    /// <summary>Bring a name in by renaming.</summary>
    RenameIn,
}
